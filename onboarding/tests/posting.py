"""A step's answer, sent by a program."""


def posted(api, step, body, status=200, **headers):
    """What the step answers; it must answer with this status."""
    answer = api.post(f"/api/v1/onboarding/{step}", body, **headers)
    assert answer.status_code == status, answer.content
    return answer.json()
