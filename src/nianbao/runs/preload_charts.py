"""What the fork server imports besides where reports have charts: pandas and matplotlib, and a chart drawn once."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from pathlib import Path

os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"

import matplotlib

from nianbao.runs.preload import SHELL, load, warm_up

load("pandas", "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg")
load("nianbao.section.figures")

# pandas asks on import whether it is in a notebook, and no shell runs here: a notebook that imports it itself has 20.
sys.modules["pandas"].set_option("display.max_columns", 20)

RC_FILE = str(Path(matplotlib.matplotlib_fname()).resolve())  # the settings that were read

# Loading fonts, finding glyphs, the first layout: a quarter of a second that each notebook would have to spend.
_CHART = """
def _warm_up():
    import io
    import matplotlib.pyplot as plt
    import pandas as pd
    from nianbao.section.figures import use_house_style
    plt.close(plt.figure())  # which sets the backend, for good
    with plt.rc_context():
        use_house_style()
        axes = pd.DataFrame({"甲": [1, 2], "乙": [2, 1]}, index=["2022年", "2023年"]).plot.bar(rot=0, ylabel="件")
        axes.bar_label(axes.containers[0])
        axes.figure.savefig(io.BytesIO(), format="svg")
        axes.figure.savefig(io.BytesIO(), format="png")
        plt.close("all")
_warm_up()
del _warm_up
"""
with warnings.catch_warnings():
    warm_up(SHELL, _CHART)
gc.freeze()
