"""Tests of the other commands, one by one."""
