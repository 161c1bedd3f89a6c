"""A made-up day among real counties: what `flatbed demo` plans and newcomers look at."""

from api.days.demo.day import DemoDay, write_demo_day

__all__ = ["DemoDay", "write_demo_day"]
