"""English texts of the lesson's step 11: two models trained alike, with CAM attention and without it."""

from viz.i18n.schema.heading import Heading
from viz.i18n.schema.without_cam import WithoutCam

WITHOUT_CAM = WithoutCam(
    heading=Heading(
        "With and without CAM",
        "What does the attention bring? Two small models were trained alike on such pictures, one of them without "
        "CAM in any network. Both translate your picture.",
    ),
    none="There are no two models for such pictures, so this step cannot be shown.",
    with_cam="With CAM",
    without_cam="Without CAM",
    with_alt="{name}, translated to {to} by the model with CAM",
    without_alt="{name}, translated to {to} by the model without CAM",
    answer="True answer",
    answer_alt="{name} as it is drawn with {to}",
    attention="Attention of the model with CAM",
    attention_alt="Where the generator with CAM looked on {name}",
    changed_with="What changed with CAM",
    changed_without="What changed without CAM",
    changed_with_alt="How much each pixel of {name} changed with CAM",
    changed_without_alt="How much each pixel of {name} changed without CAM",
    changed_made="both on one scale",
    closer_with="Here the model with CAM is closer to the true answer: {with_cam} dB, and {without_cam} dB without "
    "CAM.",
    closer_without="Here the model without CAM is closer to the true answer: {without_cam} dB, and {with_cam} dB with "
    "CAM.",
    copying="Copying the input would give {copying} dB.",
    nobody_knows="Nobody knows the right answer for this picture. For the drawn faces above it is known.",
    here="This picture",
    held_out="On {count} held-out faces, {origin} to {to}",
    head=("", "with CAM", "without CAM", "input, copied"),
    psnr="PSNR to the true answer, dB",
    inside="Change where it should change, grey levels",
    outside="Change elsewhere, grey levels",
    better="Closer to the true answer than copying",
)
