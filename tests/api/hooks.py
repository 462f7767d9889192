"""What schemathesis is told about the API beyond its OpenAPI document."""

import schemathesis


@schemathesis.hook
def map_body(context, body):
    """To JSON Schema 7.0 is an integer; to the service, as to most, it is a number with a fraction."""
    return whole(body)


def whole(value):
    """The same with every number that has no fraction as an integer."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
