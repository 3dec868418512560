"""Korean texts of drawn faces."""

from viz.i18n.schema.faces import Faces

FACES = Faces(
    throw="새 얼굴",
    choose="특징 고르기",
    any="아무거나",
    attributes={"hair": "머리카락", "skin": "피부", "glasses": "안경", "smile": "웃음"},
    values={
        "black": "검은색", "brown": "갈색", "blond": "금색", "red": "빨간색", "grey": "회색", "light": "밝은색",
        "tan": "황갈색", "dark": "어두운색", "yes": "있음", "no": "없음",
    },
    parts={
        "eyes": "눈", "eyebrows": "눈썹", "nose": "코", "mouth": "입", "hair": "머리카락", "glasses": "안경",
        "skin": "피부", "clothes": "옷",
    },
    answer="정답",
    other_artist="다른 작가가 그린 같은 얼굴: 여러 정답 가운데 하나",
    answer_alt="{to}(으)로 그린 {name}",
    read="**그린 값 → 변환 결과에서 읽은 값:** {attributes}",
    density="**생성자의 면적당 어텐션**, 이미지 평균이 1×입니다: {parts}",
    art="이미지: {artists}, {library}로 그렸습니다",
    artist="{artist}의 {style} ({licence})",
)  # fmt: skip
