"""Errors as messages of the window: settings under the labels of the form, unexpected errors with a crash log."""

from __future__ import annotations

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.gui.banner import Banner
from rnnstudio.gui.crash_log import write_crash_log
from rnnstudio.gui.form import ExperimentForm


class ErrorDisplay:
    """Shows errors in the banner and marks the field of the form that an error is about.

    Args:
        banner: Where messages appear.
        form: Knows the labels of the settings.
    """

    def __init__(self, banner: Banner, form: ExperimentForm) -> None:
        self._banner, self._form = banner, form

    def show(self, error: BaseException, activity: str = "action") -> None:
        """Show an error.

        Args:
            error: Its text is shown as it is when it is one of ours; of an unexpected error, the crash log keeps the
                traceback.
            activity: What an unexpected error ended, such as "training".
        """
        if not isinstance(error, RnnStudioError):
            self.show_failure(activity, error)
            return
        self._form.show_problem(error)
        self._banner.show_message(self._form.message(error))

    def show_failure(self, activity: str, error: BaseException) -> None:
        """Show an error as "The <activity> failed: <reason>"; the form keeps its marks."""
        if isinstance(error, RnnStudioError):
            self._banner.show_message(f"The {activity} failed: {self._form.message(error)}")
            return
        reason = str(error) or type(error).__name__
        self._banner.show_message(f"The {activity} failed unexpectedly: {reason}. {write_crash_log(error)}")
