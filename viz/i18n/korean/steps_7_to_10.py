"""Korean texts of the lesson's steps 7 to 10: critics, the way back, training, and tests of a map."""

from viz.i18n.schema.heading import Heading
from viz.i18n.schema.steps_7_to_10 import Critics, Cycle, Faithfulness, Growth

CRITICS = Critics(
    heading=Heading(
        "판별자",
        "생성자는 학습하는 동안 두 상대와 겨루었습니다. 작은 패치를 판정하는 지역 판별자(D_{{L}})와 큰 패치를 판정하는 "
        "전역 판별자(D_{{G}})입니다. 판별자는 진짜 {to} 이미지에는 1점을, 변환된 이미지에는 0점을 주도록 "
        "배웠습니다. 점수는 이 범위를 벗어날 수도 있습니다. 판별자에도 같은 방식의 어텐션이 있습니다. 생성자가 "
        "잘할수록 이 일은 어려워집니다.",
    ),
    critic="판별자",
    no_attention="이 모델의 판별자에는 어텐션이 없어 이 단계를 보여 줄 수 없습니다.",
    across="패치의 위치, 왼쪽에서 오른쪽으로",
    down="패치의 위치, 위에서 아래로",
    real="진짜 {to} 이미지",
    real_alt="진짜 {to} 이미지. 점수 하나가 판정하는 패치에 테두리를 둘렀습니다",
    translation_alt="{to}(으)로 변환한 {name}. 점수 하나가 판정하는 패치에 테두리를 둘렀습니다",
    on_real="진짜 이미지",
    on_translation="변환 결과",
    attention="판별자의 어텐션 맵",
    attention_alt="{on}에서 판별자가 본 곳",
    patches="패치별 점수",
    patches_alt="{on}에 매긴 패치별 점수, {lowest}에서 {highest}까지",
    patch="이 판별자의 점수 하나는 테두리로 표시한 {field}×{field}픽셀 패치를 판정합니다. {width}×{height} "
    "이미지 위에 이런 패치가 {columns}×{rows}개 있고 서로 겹칩니다.",
    large_patch="이 판별자의 점수 하나는 {field}×{field}픽셀 패치를 판정합니다. {width}×{height} 이미지 전체보다 "
    "넓으므로 테두리는 이미지 위에 놓인 부분만 보여 줍니다. 이런 패치가 {columns}×{rows}개 있습니다.",
    in_frame="테두리 안에서 진짜 이미지는 {real}점({real_word}), 변환 결과는 {translated}점({translated_word})을 "
    "받았습니다.",
    in_frame_alone="테두리 안에서 변환 결과는 {translated}점({translated_word})을 받았습니다.",
    looks_translated="변환된 것 같음",
    undecided="판단하기 어려움",
    looks_real="진짜 같음",
    apart="모든 패치의 평균은 진짜 이미지가 {real}점, 변환 결과가 {translated}점입니다. 판별자는 이 둘을 구별합니다.",
    together="모든 패치의 평균은 진짜 이미지가 {real}점, 변환 결과가 {translated}점입니다. 판별자는 이 둘을 거의 "
    "구별하지 못합니다.",
    reversed="모든 패치의 평균은 진짜 이미지가 {real}점, 변환 결과가 {translated}점입니다. 판별자는 이 둘 가운데 변환 "
    "결과를 더 진짜 같다고 보았습니다.",
    no_reference="견주어 볼 진짜 {to} 이미지가 없어서 판별자는 변환 결과만 판정합니다. 모든 패치의 평균은 "
    "{translated}점입니다.",
    formula_patch="어텐션 맵의 한 칸은 {cell}픽셀을 봅니다. 마지막 합성곱은 {stride}픽셀 간격의 {cells}칸을 "
    "모읍니다. {cell} + {more}·{stride} = {field}",
    formula_loss="이 두 이미지에 대한 판별자 손실의 일부: 평균 (s_{{real}} − 1)² = {real}, "
    "평균 s_{{translated}}² = {translated}",
    nearer_translated="변환된 것 ← {value}",
    nearer_real="{value} → 진짜",
    scores="판별자의 점수: 목표는 진짜 1, 변환된 것 0",
    score="점수",
    cam_gap="CAM, 평균 풀링 (ℓ_{{gap}})",
    cam_gmp="CAM, 최댓값 풀링 (ℓ_{{gmp}})",
    patch_mean="패치 점수의 평균 (s)",
    patch_in_frame="테두리 안 패치의 점수",
)

CYCLE = Cycle(
    heading=Heading(
        "갔다가 돌아오기",
        "생성자는 방향마다 하나씩, 모두 둘입니다. 짝지은 이미지를 한 번도 보지 않고 배울 수 있었던 것은 세 가지 규칙 "
        "덕분입니다. {to}처럼 보일 것(판별자), 이미 {to}인 것은 그대로 둘 것(항등), {origin}에서 {to}(으)로 갔다가 "
        "떠날 때의 모습으로 돌아올 것(순환 일관성). 오가는 길에 무엇을 잃었습니까?",
    ),
    returned="되돌아온 이미지",
    returned_alt="{to}(으)로 변환했다가 {origin}(으)로 되돌린 {name}",
    difference="잃어버린 것",
    difference_alt="되돌아온 {name}의 각 픽셀이 입력과 얼마나 다른지. 가장 많이 다른 곳은 {place}입니다",
    difference_made="밝기값(0~255), 빨강·초록·파랑의 평균",
    equal="차이 없음",
    different="밝기값 {levels}",
    attention_there="가는 길의 어텐션",
    attention_back="돌아오는 길의 어텐션",
    attention_back_alt="{name}의 변환 결과에서 반대 방향 생성자가 본 곳",
    lost="되돌아온 이미지는 입력과 밝기값(0~255)이 평균 {lost} 다릅니다. 변환 결과는 {changed} 달랐습니다.",
    kept="돌아오는 길이 변화의 일부를 되돌렸습니다.",
    farther="이 이미지에서는 돌아오는 길이 변화를 되돌리지 못했습니다.",
    most_lost="가장 많이 잃은 곳은 {place}입니다. 그곳의 밝기값 차이는 평균 {levels}입니다.",
    places=(
        "왼쪽 위",
        "위쪽",
        "오른쪽 위",
        "왼쪽",
        "가운데",
        "오른쪽",
        "왼쪽 아래",
        "아래쪽",
        "오른쪽 아래",
    ),
    back_verdict="변환 결과를 본 반대 방향 생성자의 분류기는 이렇게 답합니다: {percent} {to}.",
    formula="평균 |x − G_{{back}}(G_{{there}}(x))| = 밝기값 {lost}, −1에서 1까지인 신경망의 값 범위로는 "
    "{lost} / 127.5 = {scaled}",
)

GROWTH = Growth(
    heading=Heading(
        "어텐션의 형성 과정",
        "무작위 가중치로 시작하는 신경망은 어디를 볼지 모릅니다. 그러다 차츰 배웁니다. 학습에 쓰지 않은 이미지 몇 "
        "장을 학습 도중에 가끔 변환해서 그 결과를 남겨 두었습니다. 슬라이더를 움직여 시간을 따라가 보십시오.",
    ),
    moment="학습 시점",
    sample="이미지",
    none="이 가중치에는 학습 과정을 담은 이미지가 없어서 보여 드릴 것이 없습니다. 위에서 다른 가중치를 골라 보십시오.",
    at_step="{count}개의 시점 가운데 {number}번째, 학습 {step}스텝을 마친 때입니다.",
    verdict="분류기의 대답: {percent} {origin}. 이 이미지는 {origin} 이미지입니다.",
    likeness="이때의 어텐션 맵과 가장 최근 맵의 순위 상관: {correlation}(1이면 같은 순서, 0이면 닮지 않음).",
    newest="가장 최근의 맵입니다. 다른 맵은 이 맵과 견줍니다.",
    fixed="여기 나오는 이미지는 정해져 있습니다. 그때의 신경망은 남아 있지 않아서 내 이미지를 넣어 볼 수 없습니다.",
    attention_made="{columns}×{rows}칸, 색은 가장 최근의 맵 기준",
    strip="모든 시점의 어텐션 맵, 처음부터 가장 최근까지. 밑줄을 그은 것이 위의 맵입니다",
    strip_alt="{name}의 어텐션 맵 {count}개를 시간 순서로 놓은 것. {number}번째에 밑줄을 그었습니다",
    verdicts="분류기의 대답",
    verdicts_y="% {origin}",
    likenesses="가장 최근의 맵과 닮은 정도",
    likenesses_y="순위 상관",
    step="학습 스텝",
    this_picture="이 이미지",
    all_pictures="이미지 {count}장의 평균",
    chosen="선택한 시점",
    chosen_says="{step}스텝",
    unknown="남아 있지 않음",
)

FAITHFULNESS = Faithfulness(
    heading=Heading(
        "맵을 믿어도 됩니까?",
        "맵은 그럴듯해 보여도 틀릴 수 있으니 시험해 봅니다. 맵이 높게 매긴 픽셀부터 조금씩 회색으로 바꾸며 "
        "분류기에게 다시 묻습니다(삭제). 충실한 맵일수록 판정값(ℓ)이 빨리 낮아지고 곡선 아래 넓이가 작습니다. "
        "이번에는 회색 이미지에 그 픽셀부터 넣어 봅니다(삽입). 여기서는 넓이가 클수록 좋습니다. 맵은 무작위 "
        "맵보다 나아야 합니다. 이것은 맵이 판정을 설명하는지 묻는 시험이며, 어텐션 맵이 꼭 그래야 하는 것은 아닙니다.",
    ),
    start="시작을 누르십시오. 맵 네 개를 시험하며, 몇 초 걸립니다.",
    progress="{total}개 중 {done}개를 시험했습니다. 마지막은 “{name}”입니다.",
    least_deletion="삭제할 때 넓이가 가장 작은 것({area})은 “{name}”입니다.",
    most_insertion="삽입할 때 넓이가 가장 큰 것({area})은 “{name}”입니다.",
    beats_chance="이 이미지에서 어텐션 맵은 두 시험 모두 무작위 맵보다 낫습니다.",
    beats_in_part="이 이미지에서 어텐션 맵은 두 시험 중 하나에서만 무작위 맵보다 낫습니다.",
    no_better="이 이미지에서 어텐션 맵은 어느 시험에서도 무작위 맵보다 낫지 않습니다.",
    caveat="주의해서 읽어야 합니다. 회색 구멍이 난 이미지는 분류기가 본 적이 없으므로 곡선이 매끄럽게 변하지 않을 "
    "수 있습니다.",
    deletion="삭제: 넓이가 작을수록 충실도가 높음",
    insertion="삽입: 넓이가 클수록 충실도가 높음",
    deleted="회색으로 바꾼 픽셀의 비율",
    inserted="회색 이미지에 넣은 픽셀의 비율",
    logit="판정 ℓ",
    area="넓이 {area}",
    pointing="처음 보는 이미지 여럿에서 잰 값, {origin} → {to}: 맵이 바뀌어야 할 부분을 보고 있습니까?",
    map="맵",
    hits="최댓값이 그 부분에 있음",
    iou="겹침 (IoU)",
    measured="학습에 쓰지 않은 이미지 여럿에서 잰 값, {origin} → {to}",
    figure="항목",
    value="값",
    on_object="물체 위의 어텐션, 이미지 전체의 평균에 견주어",
    times="{value}배",
    mirror="이미지를 뒤집었을 때의 순위 상관 (1이면 맵도 똑같이 뒤집힘)",
    of="{network}: {map}",
)
