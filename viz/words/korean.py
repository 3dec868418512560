"""The page in Korean."""

from viz.words.schema import Heading, Lesson, Question, Words

KOREAN = Words(
    code="ko",
    name="한국어",
    lesson=Lesson(
        tab="배우기",
        lead="신경망은 어디를 볼지 어떻게 정할까요? 그림 한 장을 따라가며 원리를 보고, 직접 바꿔 보세요.",
        weights="가중치",
        target="변환",
        picture="그림",
        own_picture="… 또는 내 그림",
        language="언어",
        link="이 단계로 가는 링크",
        png="PNG, 300 dpi",
        svg="SVG",
        own_picture_in_link="내 그림은 링크에 담기지 않습니다. 링크는 첫 번째 예제로 열립니다.",
        waiting="위에서 그림을 고르세요.",
        no_attention="이 가중치에는 살펴볼 어텐션이 없습니다. 다른 가중치를 고르세요.",
        cells="{columns}×{rows}칸",
        lowest="적게 봄",
        highest="많이 봄",
        against="반대 근거",
        in_favour="찬성 근거",
        input="입력",
        translation="변환 결과",
        attention_map="어텐션 맵",
        input_alt="신경망이 보는 그림 {name}",
        translation_alt="{to}(으)로 변환한 {name}",
        attention_alt="{name}에서 생성기가 본 곳",
    ),
    question=Question(
        heading=Heading(
            "질문",
            "변환기 안에는 작은 분류기가 하나 들어 있습니다. 이 분류기는 {origin}와(과) {to}를(을) 구별하는 것만 "
            "배웁니다. 분류기가 근거를 찾은 곳을 변환기가 보게 됩니다. 이 그림은 {origin}일까요? "
            "어디를 보면 알 수 있을까요?",
        ),
        verdict="분류기의 대답: {percent} {origin}.",
        looked="밝은 곳일수록 변환기가 더 많이 보게 된 곳입니다.",
        formula="σ((ℓ_{{gap}} + ℓ_{{gmp}}) / 2) = σ(({gap} {gmp}) / 2) = {probability}",
    ),
)
