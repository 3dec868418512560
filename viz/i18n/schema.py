"""The texts a language must have. Braces are filled in with `str.format`; a subscript is written `w_{{k}}` there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """Of a step of the lesson. title: short. lead: what it is about, in a few plain sentences, symbols in brackets."""

    title: str
    lead: str


@dataclass(frozen=True)
class Page:
    """What is said around the tabs. translate, train: the names of tabs."""

    lead: str
    translate: str
    train: str


@dataclass(frozen=True)
class Drawn:
    """What is said of attention maps, wherever they are drawn. By the names of networks, normalisations, colour maps
    and of what a map lies over; ends: what the two ends of a colour bar stand for."""

    titles: dict[str, str]
    over: dict[str, str]
    attention_over: str
    no_attention: str
    scales: dict[str, str]
    ends: dict[str, tuple[str, str]]
    colormaps: dict[str, str]
    cells: str
    sees: str
    sees_more: str
    share: str
    under: str
    above: str
    no_opinion: str
    attention_score: str
    patch_score: str
    score_ends: str


@dataclass(frozen=True)
class Translate:
    """The Translate tab. looked: by the names of networks, Markdown."""

    picture: str
    draw: str
    several: str
    picture_alt: str
    pad: str
    pictures: str
    start: str
    target: str
    direction: str
    weights: str
    steps: str
    add_weights: str
    weights_file: str
    hub_id: str
    add: str
    add_note: str
    added: str
    examples: str
    translation: str
    no_translation: str
    translation_alt: str
    slider: str
    where: str
    map_alt: str
    no_map: str
    opacity: str
    colors: str
    scale: str
    scale_alt: str
    truth: str
    download: str
    numbers: str
    gallery: str
    archive: str
    done: str
    looked: dict[str, str]
    measured: str


@dataclass(frozen=True)
class Train:
    """The Train tab. off: why nobody may train here, by the cause. settings: what the page calls a setting, by its name
    or option. presets, fits, scales: by their names. A pair of texts: for one, and for any other number."""

    lead: str
    try_scenes: str
    start: str
    started: str
    stopping: str
    needs_both: str
    off: dict[str, str]
    owner_only: str
    not_logged_in: str
    logged_in: str
    domain: str
    source: str
    source_hint: str
    called: str
    learned: tuple[str, str]
    held_out: str
    none_held_out: str
    left_out: str
    more_left_out: str
    picture_alt: str
    scene_alt: str
    endless: str
    settings: dict[str, str]
    nothing: str
    preset: str
    presets: dict[str, str]
    more: str
    fit: str
    fits: dict[str, str]
    size: str
    after_domains: str
    run: str
    in_training: str
    stop: str
    resume: str
    resume_with: str
    resume_about: str
    all_done: str
    translate: str
    download: str
    push_as: str
    push: str
    pushed: str
    samples: str
    moment: str
    translating: str
    maps: str
    scales: dict[str, str]
    losses: str
    rho: str
    no_run: str
    no_run_hint: str
    no_samples: str
    no_curves: str
    no_rho: str
    progress: str
    sample: str
    newest_sample: str
    held_out_alt: str
    translation_alt: str
    maps_made: str
    low: str
    high: str
    at: str
    at_of: str
    starting: str
    running: str
    left: str
    finished: str
    stopped: str
    failed: str
    never_began: str
    killed: str
    seconds_a_step: str
    steps_a_second: str
    seconds: tuple[str, str]
    minutes: tuple[str, str]
    hours: tuple[str, str]
    days: tuple[str, str]
    over_a_year: str
    losses_said: str
    critics: str
    generators: str
    rho_said: str


@dataclass(frozen=True)
class Lesson:
    """What is said around the steps."""

    tab: str
    lead: str
    weights: str
    target: str
    picture: str
    own_picture: str
    language: str
    link: str
    png: str
    svg: str
    own_picture_in_link: str
    waiting: str
    no_attention: str
    cells: str
    lowest: str
    highest: str
    against: str
    in_favour: str
    input: str
    translation: str
    attention_map: str
    input_alt: str
    translation_alt: str
    attention_alt: str
    direction: str
    upload: str
    example_alt: str
    examples: str
    steps: str
    overview: str
    overview_lead: str
    features: str
    features_alt: str
    adalin: str
    adalin_alt: str
    critic: str
    critic_alt: str
    back: str
    back_alt: str
    overview_alt: str
    start: str
    stop: str
    copy: str
    copied: str
    figure_source: str
    own_name: str
    opening: str
    no_examples: str
    unknown_weights: str
    unknown_target: str
    unknown_picture: str
    unknown_step: str
    bad_settings: str


@dataclass(frozen=True)
class WhatIf:
    """What is said of any change to the generator's way: what was there before, what is there now."""

    attention_before: str
    attention_now: str
    translation_before: str
    translation_now: str
    attention_now_alt: str
    translation_now_alt: str
    levels: str
    outlined: str


@dataclass(frozen=True)
class Question:
    heading: Heading
    verdict: str
    scale: str
    looked: str
    formula: str


@dataclass(frozen=True)
class Encoder:
    """pooled_by: the classifier's two poolings, average and maximum, as a reader chooses between them."""

    heading: Heading
    pooling: str
    pooled_by: tuple[str, str]
    shown: str
    strongest: str
    off: str
    off_info: str
    option: str
    tiles: tuple[str, str]
    notes: tuple[str, str]
    label: str
    stack: str
    rest: str
    rest_of_formula: str
    total: str
    formulas: tuple[str, str]
    untouched: str
    moved: str
    other: str
    verdict: str


@dataclass(frozen=True)
class Pooling:
    """choices: what the attention may weigh by: both poolings, the average alone, the maximum alone, nothing."""

    heading: Heading
    attend: str
    choices: tuple[str, str, str, str]
    gap_map: str
    gmp_map: str
    peaks: str
    gap_alt: str
    gmp_alt: str
    peaks_alt: str
    peaks_made: str
    formulas: tuple[str, str]
    peaked: str
    peaked_on_object: str
    untouched: str
    changed: str
    stay: str
    reach: str
    figures: str
    figures_head: tuple[str, str, str]
    pooled_between: str
    between: str
    weights: str
    in_favour: str
    against: str
    logit: str
    alone: str
    share: str


@dataclass(frozen=True)
class Evidence:
    heading: Heading
    pooling: str
    pooled_by: tuple[str, str]
    map: str
    map_alt: str
    attended: str
    attended_alt: str
    attended_made: str
    formulas: tuple[str, str, str]
    canceled: str
    not_canceled: str
    blind: str
    mixed: str
    agreement: str
    rank: str
    pointing: str
    pointing_head: tuple[str, str, str]
    of_maps: tuple[str, str, str]
    hit: str
    missed: str
    both_hit: str
    attention_only: str
    evidence_only: str
    neither_hit: str


@dataclass(frozen=True)
class Critics:
    """looks_translated, undecided, looks_real: a score in words. nearer_...: the ends of the colours."""

    heading: Heading
    critic: str
    local_critic: str
    global_critic: str
    across: str
    down: str
    real: str
    real_alt: str
    translation_alt: str
    on_real: str
    on_translation: str
    attention: str
    attention_alt: str
    patches: str
    patches_alt: str
    patch: str
    large_patch: str
    in_frame: str
    in_frame_alone: str
    looks_translated: str
    undecided: str
    looks_real: str
    apart: str
    together: str
    reversed: str
    no_reference: str
    formula_patch: str
    formula_loss: str
    nearer_translated: str
    nearer_real: str
    scores: str
    score: str
    cam_gap: str
    cam_gmp: str
    patch_mean: str
    patch_in_frame: str


@dataclass(frozen=True)
class Cycle:
    """places: nine, the thirds of a picture from left to right, row by row."""

    heading: Heading
    returned: str
    returned_alt: str
    difference: str
    difference_alt: str
    difference_made: str
    equal: str
    different: str
    attention_there: str
    attention_back: str
    attention_back_alt: str
    lost: str
    kept: str
    farther: str
    most_lost: str
    places: tuple[str, ...]
    back_verdict: str
    formula: str


@dataclass(frozen=True)
class Growth:
    heading: Heading
    moment: str
    sample: str
    none: str
    at_step: str
    verdict: str
    likeness: str
    newest: str
    fixed: str
    attention_made: str
    strip: str
    strip_alt: str
    verdicts: str
    verdicts_y: str
    likenesses: str
    likenesses_y: str
    step: str
    this_picture: str
    all_pictures: str
    chosen: str
    chosen_says: str
    unknown: str


@dataclass(frozen=True)
class MapNames:
    """The generator's maps, and an order by chance to hold them against."""

    attention: str
    gap_evidence: str
    gmp_evidence: str
    chance: str


@dataclass(frozen=True)
class Elsewhere:
    heading: Heading
    painted: str
    painted_alt: str
    start: str
    changed: str
    changed_all: str
    spreads: str
    formula: str


@dataclass(frozen=True)
class Brush:
    """untouched, harder, away: what was painted on a cell. only_there, not_there: a button each, and what they do."""

    label: str
    board: str
    hint: str
    mode: str
    harder: str
    away: str
    erase: str
    untouched: str
    size: str
    sizes: tuple[str, str, str]
    only_there: str
    not_there: str
    clear: str
    cell: str
    count: str


@dataclass(frozen=True)
class OcclusionStep:
    """strongly to contrary: how far two maps agree, as the end of a sentence. reverse, same: ends of that scale."""

    heading: Heading
    size: str
    share: str
    covered: str
    covered_alt: str
    start: str
    fall: str
    fall_alt: str
    square: str
    progress: str
    fell: str
    never_fell: str
    rises: str
    falls: str
    agrees: str
    correlation: str
    flat: str
    strongly: str
    somewhat: str
    hardly: str
    not_at_all: str
    contrary: str
    why: str
    agreement: str
    reverse: str
    same: str


@dataclass(frozen=True)
class Adalin:
    """shape, texture: the ends of rho. block, upsampling: a layer's name."""

    heading: Heading
    pull: str
    pull_info: str
    layer: str
    all_layers: str
    other: str
    own: str
    block: str
    upsampling: str
    start: str
    pulled: str
    borrowed: str
    formulas: tuple[str, str]
    bars: str
    shape: str
    texture: str
    note: str
    other_panel: str
    other_alt: str


@dataclass(frozen=True)
class Faithful:
    heading: Heading
    start: str
    progress: str
    least_deletion: str
    most_insertion: str
    beats_chance: str
    beats_in_part: str
    no_better: str
    caveat: str
    deletion: str
    insertion: str
    deleted: str
    inserted: str
    logit: str
    area: str
    pointing: str
    map: str
    hits: str
    iou: str
    measured: str
    figure: str
    value: str
    on_object: str
    times: str
    mirror: str
    of: str
    generator: str


@dataclass(frozen=True)
class Words:
    """code: of the language, ISO 639-1. name: what its speakers call it."""

    code: str
    name: str
    page: Page
    drawn: Drawn
    translate: Translate
    train: Train
    lesson: Lesson
    what_if: WhatIf
    question: Question
    encoder: Encoder
    pooling: Pooling
    evidence: Evidence
    critics: Critics
    cycle: Cycle
    growth: Growth
    maps: MapNames
    elsewhere: Elsewhere
    brush: Brush
    occlusion: OcclusionStep
    adalin: Adalin
    faithful: Faithful
