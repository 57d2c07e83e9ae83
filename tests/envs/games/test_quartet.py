from syllogym.envs import make


def test_everybody_is_paid_the_share_of_right_answers() -> None:
    env = make("games/quartet")
    env.reset(seed=0)
    replies = {agent: env.solve(agent) if agent in ("alto", "bass") else "none" for agent in env.agents}
    _, rewards, over, *_ = env.step(replies)
    assert rewards == dict.fromkeys(env.agents, 0.5)
    assert over
