"""Korean texts of the lesson's steps 5 and 6: changes to the attention and to AdaLIN."""

from viz.i18n.schema.heading import Heading
from viz.i18n.schema.steps_5_to_6 import Adalin, Brush, Elsewhere, Occlusion

ELSEWHERE = Elsewhere(
    heading=Heading(
        "다른 곳을 보게 하면 어떻게 됩니까?",
        "생성자는 어텐션을 거친 특징(A)으로 그립니다. 이것을 칸마다 더한 것이 어텐션 맵입니다. 어떤 칸에 0을 곱하면 그 "
        "칸은 쓰이지 않고, 3을 곱하면 주변보다 더 큰 비중으로 쓰입니다. 뒤의 층이 정규화하므로 칸 사이의 차이만 "
        "영향을 줍니다. 이미지 위에 칠해 보십시오. 한 번 칠할 때마다 변환 결과가 달라집니다.",
    ),
    painted="칠한 곳",
    painted_alt="칠한 곳을 표시한 {name}. 비중을 키운 곳에는 더하기 표시, 0으로 한 곳에는 어두운 사선",
    start="아직 칠한 곳이 없습니다. 두 줄 모두 신경망이 학습한 그대로입니다. 이미지 위에 칠하거나 붓 옆의 버튼을 "
    "눌러 보십시오.",
    changed="칠한 결과, 변환 결과의 밝기값(0~255)이 평균 {whole} 달라졌습니다. 칠한 곳에서는 {inside}, 다른 곳에서는 "
    "{outside}입니다.",
    changed_all="이미지 전체를 칠했고, 변환 결과의 밝기값(0~255)이 평균 {whole} 달라졌습니다.",
    spreads="칠하지 않은 곳도 달라집니다. γ와 β는 모든 칸에서 함께 구하고, 합성곱은 언제나 이웃한 칸까지 보기 "
    "때문입니다.",
    formula="A_{{ij}} 대신 m_{{ij}} · A_{{ij}}, m은 {harder}칸에서 {factor}, {away}칸에서 0, {rest}칸에서 1",
)

BRUSH = Brush(
    label="붓",
    board="칠할 이미지, 가로 {columns}칸 세로 {rows}칸",
    hint="마우스, 펜, 손가락으로 칠하십시오. 키보드에서는 화살표 키로 움직이고 스페이스 키로 칠합니다. Shift와 "
    "화살표 키를 함께 누르면 지나가는 길을 칠하고, 1, 2, 3으로 붓을 고릅니다.",
    mode="붓이 하는 일",
    harder="비중 키우기, ×3",
    away="비중 없애기, ×0",
    erase="지우기",
    untouched="칠하지 않음",
    size="크기",
    sizes=("작게", "보통", "크게"),
    only_there="가장 밝은 곳만 보기",
    not_there="그곳만 빼고 보기",
    clear="모두 지우기",
    cell="{row}행 {column}열: {state}.",
    count="비중을 키운 곳 {harder}칸, 없앤 곳 {away}칸.",
)

OCCLUSION = Occlusion(
    heading=Heading(
        "가려 보기",
        "신경망 안을 들여다보지 않고도 분류기가 어디를 보는지 물을 수 있습니다. 이미지의 한 부분을 회색 사각형으로 "
        "가리고 판정값(ℓ, 두 로짓의 평균)이 얼마나 낮아지는지 보는 것입니다. 사각형을 이미지 전체로 옮겨 가면 곳마다 "
        "수가 하나씩 생깁니다. 이것은 어텐션 맵과 일치합니까?",
    ),
    size="사각형의 크기",
    share="이미지의 짧은 변의 {percent}",
    covered="회색 사각형",
    covered_alt="가운데를 회색 사각형으로 가린 {name}",
    start="시작을 누르십시오. 사각형을 옮기며 잰 값을 바로 표시합니다.",
    fall="판정값이 낮아진 정도",
    fall_alt="회색 사각형이 {name}의 각 부분을 가릴 때 판정값이 낮아지는 정도. 빨강은 낮아지는 곳, 파랑은 높아지는 곳",
    square="{pixels}픽셀 사각형",
    progress="사각형 {total}개 중 {done}개를 쟀습니다.",
    fell="가리지 않았을 때 판정값은 {verdict}입니다. 가장 크게 낮춘 사각형에서는 {least}이(가) 됩니다.",
    never_fell="가리지 않았을 때 판정값은 {verdict}입니다. 아직 판정값을 낮춘 사각형이 없습니다.",
    rises="{by} 높아짐",
    falls="{by} 낮아짐",
    agrees="판정값이 낮아진 정도와 어텐션 맵은 {how}.",
    correlation="순위 상관은 {correlation}입니다(1이면 순서가 같고, 0이면 관계가 없고, −1이면 반대입니다).",
    flat="판정값이 낮아진 정도와 어텐션 맵 가운데 하나가 어디서나 같은 값이어서 견줄 수 없습니다.",
    strongly="매우 잘 일치합니다",
    somewhat="어느 정도 일치합니다",
    hardly="거의 일치하지 않습니다",
    not_at_all="전혀 일치하지 않습니다",
    contrary="서로 반대입니다",
    why="둘이 꼭 일치해야 하는 것은 아닙니다. 판정은 풀링한 특징에서만 나오고, 어텐션 맵은 디코더가 그릴 때 "
    "무엇을 받는지 보여 주기 때문입니다. 회색 사각형도 분류기가 본 적이 없는 것입니다.",
    agreement="판정값이 낮아진 정도와 각 맵의 순위 상관",
    reverse="정반대, −1",
    same="같은 순서, 1",
)

ADALIN = Adalin(
    heading=Heading(
        "AdaLIN: 채널마다 또는 층 전체",
        "디코더는 마지막을 뺀 모든 합성곱 뒤에 특징값을 두 가지로 정규화합니다. 인스턴스 정규화(â_{{I}})는 채널마다 "
        "따로 하며 입력의 내용을 지키는 경향이 있습니다. 층 정규화(â_{{L}})는 층의 모든 채널을 함께 하며 내용과 "
        "스타일이 더 많이 바뀌게 둡니다. 둘을 섞는 비율(ρ)은 채널마다 학습했습니다. 그다음 채널마다 γ를 "
        "곱하고(스케일) β를 더합니다(시프트). 블록에서는 두 값을 어텐션을 거친 특징에서 구하고, 업샘플링에서는 모든 "
        "이미지에 같은 값을 씁니다.",
    ),
    pull="ρ 조절",
    pull_info="−1: 끝까지 층 정규화 쪽. 0: 학습한 그대로. 1: 끝까지 인스턴스 정규화 쪽.",
    layer="조절할 층",
    all_layers="모든 층",
    other="γ와 β를 가져올 이미지",
    own="이 이미지",
    block="블록 {block}, 정규화 {half}",
    upsampling="업샘플링 {number}",
    start="ρ는 학습한 그대로이고, 평균은 블록에서 {blocks}, 업샘플링에서 {upsampling}입니다. 공개된 코드처럼 학습은 "
    "0.9와 0에서 시작했습니다. 조절해 보십시오. 무엇이 달라집니까?",
    pulled="조절한 결과, 층 전체의 평균 ρ가 {usual}에서 {now}(으)로 바뀌었습니다.",
    borrowed="γ와 β는 {other}에서, 나머지는 모두 이 이미지에서 나왔습니다.",
    formulas=(
        "γ · (ρ · â_{{I}} + (1 − ρ) · â_{{L}}) + β",
        "평균: γ · ({rho} · â_{{I}} + {rest} · â_{{L}}) + β",
    ),
    bars="층마다 채널을 평균한 ρ. 세로 표시는 학습한 값",
    layer_norm="층 정규화, 0",
    instance_norm="인스턴스 정규화, 1",
    note="학습한 값: 평균 {mean}, 채널에 따라 {low}에서 {high}까지",
    other_panel="γ와 β를 가져온 이미지",
    other_alt="신경망이 보는 이미지 {other}",
)
