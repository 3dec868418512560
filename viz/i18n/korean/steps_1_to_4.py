"""Korean texts of the lesson's steps 1 to 4: from the classifier's question to the attention map."""

from viz.i18n.schema.heading import Heading
from viz.i18n.schema.steps_1_to_4 import Encoder, Evidence, Pooling, Question

QUESTION = Question(
    heading=Heading(
        "질문",
        "생성자 안에는 작은 분류기가 하나 들어 있습니다. 이 분류기의 첫 번째 일은 {origin}와(과) {to}을(를) "
        "구별하는 것입니다. 분류기의 가중치는 생성자가 그릴 때 쓰는 특징의 비중도 정하므로, 다른 모든 손실도 이 "
        "가중치를 학습시킵니다. 이 이미지는 {origin}입니까? 어디를 보면 알 수 있습니까?",
    ),
    verdict="분류기의 대답: {percent} {origin}.",
    scale="분류기는 두 개의 수, 곧 로짓으로 대답합니다. 평균에서 {gap}, 최댓값에서 {gmp}이(가) 나왔습니다. 0보다 "
    "크면 {origin}, 0보다 작으면 {to} 쪽입니다. 학습할 때는 로짓마다 손실이 따로 있습니다. 여기서는 둘의 평균을 "
    "시그모이드(σ)로 0과 1 사이에 넣은 것을 판정이라고 합니다.",
    looked="어텐션 맵은 어텐션을 거친 특징의 합이 큰 곳에서 밝습니다. 이 맵이 어떻게 만들어졌는지 다음 단계에서 "
    "살펴봅니다.",
    formula="σ((ℓ_{{gap}} + ℓ_{{gmp}}) / 2) = σ(({terms}) / 2) = {probability}",
)

ENCODER = Encoder(
    heading=Heading(
        "인코더가 보는 것",
        "인코더는 이미지를 여러 채널(E_{{k}})로 바꿉니다. 채널은 저마다 담당하는 무늬가 나타난 곳을 밝게 표시한 작은 "
        "특징 맵입니다. 분류기는 채널마다 수 하나만 남기고, 학습한 가중치(w_{{k}})를 곱해 모두 더합니다. 그 합이 "
        "로짓(ℓ)입니다. 0보다 크면 {origin}, 0보다 작으면 {to} 쪽입니다. 채널을 눌러 꺼 보십시오. 무엇이 달라집니까?",
    ),
    pooling="채널마다 남기는 수",
    pooled_by=("평균 (gap)", "최댓값 (gmp)"),
    shown="보여 줄 채널 수",
    strongest="가장 강한 채널부터 끄기",
    off="직접 바꾼 채널",
    off_info="꺼진 채널, 또는 슬라이더로 껐다가 다시 켠 채널입니다. 비우면 되돌아갑니다.",
    option="채널 {channel}",
    tiles=(
        "채널 {all}개 중 가장 강한 것, 색은 채널마다 자기 범위",
        "채널 {all}개 중 가장 강한 것, 색은 채널마다 자기 범위, 동그라미는 최댓값",
    ),
    notes=(
        "평균 {pooled} × 가중치 {weight} = {contribution}",
        "최댓값 {pooled} × 가중치 {weight} = {contribution}",
    ),
    label="{channel} · {contribution}",
    stack="모든 기여를 더하면 로짓이 됩니다",
    rest="나머지 {count}개",
    rest_of_formula="{terms} (나머지 {count}개)",
    total="ℓ_{{{pooling}}} = {logit}",
    formulas=(
        "ℓ_{{gap}} = Σ_{{k}} w_{{k}} · mean(E_{{k}}) = {terms} = {logit}",
        "ℓ_{{gmp}} = Σ_{{k}} w_{{k}} · max(E_{{k}}) = {terms} = {logit}",
    ),
    untouched="채널 {all}개가 모두 켜져 있습니다. ℓ_{{{pooling}}} = {logit}이고, 판정은 {percent} {origin}입니다.",
    moved="꺼진 채널: {all}개 중 {count}개. 로짓 ℓ_{{{pooling}}}: {before} → {after}.",
    other="다른 로짓 ℓ_{{{pooling}}}: {before} → {after}.",
    verdict="판정: {before} → {after} {origin}.",
)

POOLING = Pooling(
    heading=Heading(
        "두 가지 풀링",
        "채널 전체를 수 하나로 줄이려면 평균을 쓰거나 최댓값을 쓸 수 있습니다. 평균은 모든 칸에 조금씩 묻고, "
        "최댓값은 가장 강한 칸에만 묻습니다. 분류기는 둘 다 쓰고 가중치도 따로 배웁니다(w_{{gap}}, w_{{gmp}}). "
        "어텐션은 두 가중치를 모두 써서 채널의 비중을 정합니다. 각각 무엇을 찾습니까? 학습이 끝난 뒤 하나를 빼면 "
        "어떻게 됩니까?",
    ),
    attend="어텐션이 채널의 비중을 정하는 기준",
    choices=("둘 다", "평균만", "최댓값만", "부호만: 모든 |w|를 똑같이"),
    gap_map="평균의 가중치로 본 근거",
    gmp_map="최댓값의 가중치로 본 근거",
    peaks="최댓값이 있는 곳",
    gap_alt="{name} 위의 평균 풀링 근거 맵. 빨강은 {origin}, 파랑은 {to} 쪽",
    gmp_alt="{name} 위의 최댓값 풀링 근거 맵. 빨강은 {origin}, 파랑은 {to} 쪽",
    peaks_alt="채널의 최댓값이 있는 칸마다 점을 찍은 {name}. 빨간 점은 {origin}, 파란 점은 {to} 쪽",
    peaks_made="점이 클수록 그 칸의 채널들이 더 많이 기여합니다",
    formulas=(
        "ℓ_{{gap}} = {cells}칸에 걸친 Σ_{{k}} w_{{k}} E_{{k}}의 평균 = {logit}",
        "ℓ_{{gmp}} = 점 {cells}개의 합 = {logit}",
    ),
    peaked="평균은 채널의 {all}칸을 모두 똑같이 씁니다. 채널 {channels}개의 최댓값은 그중 {cells}칸에 있습니다.",
    peaked_on_object="최댓값 {channels}개 중 {hits}개가 윤곽선 안에 있습니다. 윤곽선 안은 이미지의 "
    "{percent}를 차지합니다.",
    untouched="어텐션은 학습한 대로 두 가지를 모두 씁니다.",
    changed="지금 어텐션의 기준: {choice}. 새 맵과 원래 맵의 순위 상관: {correlation}.",
    stay="두 로짓은 그대로입니다. 분류기가 보는 채널은 변하지 않았기 때문입니다.",
    reach="칸의 값은 지금 {low}에서 {high} 사이이고, 원래는 {low_before}에서 {high_before} 사이였습니다.",
    figures="두 로짓을 수로 보기",
    figures_head=("", "평균 (gap)", "최댓값 (gmp)"),
    pooled_between="풀링한 값의 범위",
    between="{low} ~ {high}",
    weights="가중치의 평균 크기 |w|",
    in_favour="{origin} 쪽 기여",
    against="{to} 쪽 기여",
    logit="로짓(ℓ), 위 두 기여의 합",
    alone="이 로짓만으로 내린 판정",
    share="{percent} {origin}",
)

EVIDENCE = Evidence(
    heading=Heading(
        "근거에서 어텐션으로",
        "같은 채널로 만든 두 개의 맵이 있습니다. 근거 맵은 칸마다 채널과 가중치의 곱(w_{{k}} E_{{k}})을 부호까지 "
        "그대로 더합니다. 빨강은 {origin}, 파랑은 {to} 쪽입니다. 어텐션 맵에서는 가중치를 곱한 채널을 1×1 "
        "합성곱으로 섞고 ReLU로 0 아래를 잘라 냅니다. 생성자는 이 특징(A)으로 그리고, A를 채널 방향으로 더하면 "
        "어텐션 맵이 됩니다. 두 맵은 같은 곳을 봅니까?",
    ),
    pooling="근거에 쓸 가중치",
    pooled_by=("평균 풀링 (gap)", "최댓값 풀링 (gmp)"),
    map="근거 맵",
    map_alt="{name} 위의 근거 맵. 빨강은 {origin}, 파랑은 {to} 쪽",
    attended="섞인 채널 {channel}",
    attended_alt="{name} 위의 섞인 채널 {channel}",
    attended_made="어텐션 맵의 {percent}",
    formulas=(
        "ℓ_{{gap}} = 근거 맵의 평균 = ({terms}) / {cells} = {mean}, 채널로 계산하면 {logit}",
        "근거 맵의 평균 = ({terms}) / {cells} = {mean}, 그러나 ℓ_{{gmp}} = {logit}: 채널마다 가장 강한 칸만 "
        "쓰기 때문입니다",
        "어텐션 맵 = Σ_{{k}} A_{{k}}, A = ReLU(conv_{{1×1}}([w_{{gap}} E, w_{{gmp}} E]))",
    ),
    canceled="근거 맵에서 {origin} 쪽 {favour}칸을 더하면 {plus}, {to} 쪽 {against}칸을 더하면 {minus}입니다. "
    "합치면 한 칸에 {mean}이(가) 남습니다.",
    not_canceled="어텐션 맵의 마지막 합에서는 상쇄가 없습니다. ReLU가 섞인 값의 {percent}를 0으로 만들었고, "
    "나머지는 모두 양수입니다. 상쇄는 1×1 합성곱 안에서 이미 일어났습니다. 칸의 값은 {low}에서 {high} 사이입니다.",
    blind="평균 풀링의 근거 맵은 왜 엉뚱한 곳을 가리킬 수 있습니까? 인코더의 잔차 블록이 무엇을 찾든, 인스턴스 "
    "정규화가 그 평균을 0으로 맞춥니다. 남는 것은 블록 앞 층의 평균입니다({gap_low}에서 {gap_high}). 그래서 블록이 "
    "찾은 것은 평균에 나타나지 않고, 근거 맵의 봉우리가 어디에 생길지도 평균이 정하지 않습니다. 최댓값에는 "
    "나타납니다({gmp_low}에서 {gmp_high}).",
    mixed="어텐션은 여기에 매이지 않습니다. 합성곱은 어떻게 섞어야 도움이 되는지를 변환 결과에서 배웁니다. 마지막 "
    "두 이미지는 어텐션 맵에 가장 많이 더해지는 섞인 채널입니다.",
    agreement="두 맵의 순위 상관: {correlation}.",
    rank="순위 상관이 1이면 칸의 순서가 같고, 0이면 관계가 없고, −1이면 순서가 반대입니다.",
    pointing="맵이 바뀌어야 할 부분을 보고 있습니까?",
    pointing_head=("", "최댓값이 윤곽선 안에 있습니까?", "겹침 (IoU)"),
    of_maps=("어텐션 맵", "근거 맵, 평균 (gap)", "근거 맵, 최댓값 (gmp)"),
    hit="예",
    missed="아니요",
    both_hit="두 맵의 최댓값이 모두 윤곽선 안에 있습니다.",
    attention_only="어텐션의 최댓값은 윤곽선 안에, 근거의 최댓값은 윤곽선 밖에 있습니다.",
    evidence_only="근거의 최댓값은 윤곽선 안에, 어텐션의 최댓값은 윤곽선 밖에 있습니다.",
    neither_hit="어느 맵의 최댓값도 윤곽선 안에 있지 않습니다.",
)
