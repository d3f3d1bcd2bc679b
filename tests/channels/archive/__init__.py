"""Tests of 会话内容存档: records, consent, recalls, the cursor, the native library's child."""
