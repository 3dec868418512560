"""Texts of the Train tab."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Train:
    """Texts of the Train tab.

    off: why training is off, by cause. settings: labels of training settings, by the setting's name or option.
    presets, fits, scales: by their names. A pair of texts: for one item, and for any other number.
    """

    lead: str
    lead_of_folders: str
    lead_of_pairs: str
    lead_of_labels: str
    try_scenes: str
    start: str
    started: str
    stopping: str
    needs_both: str
    off: dict[str, str]
    owner_only: str
    not_logged_in: str
    logged_in: str
    needs_data: str
    needs_pairs: str
    model: str
    data: str
    data_hint: str
    data_of_pairs: str
    pairs_hint: str
    data_of_labels: str
    labels_hint: str
    second_data: str
    needs_labels: str
    needs_first: str
    attributes_about: str
    attributes_found: str
    domains_found: str
    more_attributes: str
    domain: str
    source: str
    source_hint: str
    domain_name: str
    learned: tuple[str, str]
    held_out: str
    none_held_out: str
    left_out: str
    more_left_out: str
    picture_alt: str
    scene_alt: str
    endless: str
    face_alt: str
    faces: str
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
    losses_alt: str
    critics: str
    generators: str
    rho_alt: str
