"""Korean texts of the lesson's step 11: two models trained alike, with CAM attention and without it."""

from viz.i18n.schema.heading import Heading
from viz.i18n.schema.without_cam import WithoutCam

WITHOUT_CAM = WithoutCam(
    heading=Heading(
        "CAM이 있을 때와 없을 때",
        "어텐션은 무엇을 더해 줍니까? 작은 모델 두 개를 이런 이미지로 똑같이 학습했습니다. 하나는 어느 신경망에도 "
        "CAM이 없습니다. 두 모델이 이 이미지를 변환합니다.",
    ),
    none="이런 이미지로 학습한 두 모델이 없어서 이 단계를 보여 줄 수 없습니다.",
    with_cam="CAM 있음",
    without_cam="CAM 없음",
    with_alt="CAM이 있는 모델이 {to}(으)로 변환한 {name}",
    without_alt="CAM이 없는 모델이 {to}(으)로 변환한 {name}",
    answer="정답",
    answer_alt="{to}(으)로 그린 {name}",
    attention="CAM이 있는 모델의 어텐션",
    attention_alt="CAM이 있는 생성자가 {name}에서 본 곳",
    changed_with="CAM이 있을 때 바뀐 곳",
    changed_without="CAM이 없을 때 바뀐 곳",
    changed_with_alt="CAM이 있을 때 {name}의 각 픽셀이 바뀐 정도",
    changed_without_alt="CAM이 없을 때 {name}의 각 픽셀이 바뀐 정도",
    changed_made="둘 다 같은 색 범위",
    closer_with="이 이미지에서는 CAM이 있는 모델이 정답에 더 가깝습니다. CAM이 있으면 {with_cam} dB, 없으면 "
    "{without_cam} dB입니다.",
    closer_without="이 이미지에서는 CAM이 없는 모델이 정답에 더 가깝습니다. CAM이 없으면 {without_cam} dB, 있으면 "
    "{with_cam} dB입니다.",
    copying="입력을 그대로 두면 {copying} dB입니다.",
    nobody_knows="이 이미지의 정답은 아무도 모릅니다. 위에 있는 그려 낸 얼굴에는 정답이 있습니다.",
    here="이 이미지",
    held_out="학습에 쓰지 않은 얼굴 {count}개에서 잰 값, {origin} → {to}",
    head=("", "CAM 있음", "CAM 없음", "입력 그대로"),
    psnr="정답에 대한 PSNR, dB",
    inside="바뀌어야 할 곳의 밝기값 변화",
    outside="다른 곳의 밝기값 변화",
    better="입력 그대로보다 정답에 가까운 비율",
)
