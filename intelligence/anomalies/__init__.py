"""What is unusual: flags of days whose cost was not expected, made into incidents with reasons.

Use `anomalies`; the modules beside it are its steps. Frames in, frames out: no clock, no files, and the seed
is a setting.
"""

from intelligence.anomalies.baselines import MissingExtra
from intelligence.anomalies.mart import COLUMNS, anomalies
from intelligence.anomalies.panel import BadInput
from intelligence.anomalies.settings import METHODS, Settings, UnknownMethod

__all__ = ["COLUMNS", "METHODS", "BadInput", "MissingExtra", "Settings", "UnknownMethod", "anomalies"]
