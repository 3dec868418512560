"""Korean texts around the tabs, and of attention maps wherever they are shown."""

from viz.i18n.schema.page import AttentionMaps, Page

PAGE = Page(
    lead="이미지를 변환하고 신경망이 무엇을 보았는지 확인하십시오.",
    translate="변환하기",
    train="학습시키기",
)

ATTENTION_MAPS = AttentionMaps(
    titles={"generator": "생성자", "local": "지역 판별자", "global": "전역 판별자", "patch": "판별자"},
    scores_title="{title}: 패치 점수",
    over={"input": "입력", "translation": "변환 결과"},
    attention_over="{over} 위의 어텐션",
    scores_over="{over} 위의 패치 점수",
    no_attention="이 모델에는 어텐션이 없어 어텐션 맵이 없습니다.",
    without_attention="이 모델에는 어텐션이 없습니다.",
    patches_only="판별자가 변환 결과의 각 패치를 얼마나 진짜로 보았는지 표시합니다.",
    no_origin="다른 도메인",
    scales={
        "minmax": "이 맵의 최솟값–최댓값",
        "shared": "모든 맵에 같은 색 범위",
        "symmetric": "0을 중심으로 대칭",
    },
    ends={
        "minmax": ("가장 낮음", "가장 높음"),
        "shared": ("전체에서 가장 낮음", "전체에서 가장 높음"),
        "symmetric": ("0보다 작음", "0보다 큼"),
    },
    colormaps={
        "turbo": "Turbo",
        "jet": "Jet (논문과 같은 색)",
        "viridis": "Viridis",
        "inferno": "Inferno",
        "magma": "Magma",
        "cividis": "Cividis (색각 이상에도 잘 보임)",
        "RdBu_r": "파랑–빨강 (0이 가운데)",
        "gray": "회색",
    },
    cells="{columns}×{rows}칸",
    sees="한 칸이 보는 범위 {size}",
    sees_more="한 칸이 보는 범위 {size}, 이미지 전체({width}×{height})보다 넓음",
    share="{percent} {domain}",
    under="1% 미만",
    above="99% 초과",
    no_opinion="판단할 수 없음:",
    attention_score="CAM 점수 {score}",
    patch_score="패치 점수 {score}",
    score_ends={
        "least-squares": "0 = 변환된 이미지, 1 = 진짜 이미지",
        "cross-entropy": "0보다 작음 = 변환된 이미지, 0보다 큼 = 진짜 이미지",
        "wasserstein": "높을수록 진짜 이미지에 가까움, 정해진 범위 없음",
    },
)
