"""An explorer in a live kernel: ipywidgets that set the value of one picture and one caption."""

from html import escape

import ipywidgets

_WIDE = ipywidgets.Layout(width="min(28rem, 100%)")
_LABEL = {"description_width": "9rem"}


def explorer_widget(explorer):
    """Sliders, picture and caption of an `Explorer`. A move redraws only the artists that move."""
    picture, caption = ipywidgets.HTML(), ipywidgets.HTML()
    inputs = {name: _input(control, explorer.start[name]) for name, control in explorer.controls.items()}

    def show(_=None):
        values = {name: explorer.controls[name].values[box.index] for name, box in inputs.items()}
        sentence, svg = explorer.document(f"{picture.model_id}-", **values)  # a notebook has several
        picture.value, caption.value = svg, f"<p>{escape(sentence)}</p>"

    for box in inputs.values():
        box.observe(show, "index")
    show()
    rows = [_row(control, inputs[name]) for name, control in explorer.controls.items()]
    return ipywidgets.VBox([picture, *rows, caption])


def _input(control, start):
    kind = ipywidgets.SelectionSlider if control.kind == "slider" else ipywidgets.Dropdown
    unit = f" {control.unit}" if control.unit else ""
    options = [(text + unit, i) for i, text in enumerate(control.texts)]
    return kind(options=options, index=control.values.index(start), description=control.label,
                style=_LABEL, layout=_WIDE)


def _row(control, box):
    if not control.play:
        return box
    play = ipywidgets.Play(min=0, max=len(control.values) - 1, value=box.index, interval=400)
    ipywidgets.jslink((play, "value"), (box, "index"))
    return ipywidgets.HBox([box, play], layout=ipywidgets.Layout(flex_flow="row wrap"))
