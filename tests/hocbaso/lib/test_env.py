"""Addresses from the environment."""

import pytest

from hocbaso.lib.env import broker


@pytest.mark.parametrize(
    ("redis_url", "celery_url"),
    [
        ("unix:///run/redis/redis-server.sock", "redis+socket:///run/redis/redis-server.sock?virtual_host=0"),
        ("unix:///run/redis/redis-server.sock?db=3", "redis+socket:///run/redis/redis-server.sock?virtual_host=3"),
        ("unix://:mat-khau@/run/my%20redis.sock?db=1", "redis+socket://:mat-khau@/run/my%20redis.sock?virtual_host=1"),
        ("redis://127.0.0.1:6379/4", "redis://127.0.0.1:6379/4"),
    ],
)
def test_queue_lies_in_the_database_the_address_names(redis_url, celery_url):
    assert broker(redis_url) == celery_url
