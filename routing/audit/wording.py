"""Moments and stretches of time in the words of the two languages."""

from datetime import datetime, timedelta


def clock(moment: datetime) -> str:
    """Write a moment to the second, in its own zone."""
    return moment.strftime("%m-%d %H:%M:%S")


def span_zh(span: timedelta) -> str:
    """Write a stretch of time in Chinese, largest unit first."""
    return _span(span, ("小时", "分", "秒"), joint="")


def span_en(span: timedelta) -> str:
    """Write a stretch of time in English, largest unit first."""
    return _span(span, (" h", " min", " s"), joint=" ")


def _span(span: timedelta, units: tuple[str, str, str], *, joint: str) -> str:
    total = round(abs(span.total_seconds()))
    amounts = (total // 3600, total % 3600 // 60, total % 60)
    parts = [f"{amount}{unit}" for amount, unit in zip(amounts, units, strict=True) if amount]
    return joint.join(parts) or f"0{units[2]}"
