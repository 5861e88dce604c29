namespace HelmLifecycle.Tests.Events;

public class EventMessageTests
{
    [Fact]
    public void A_wait_tells_of_each_object_why_it_is_not_ready_as_far_as_that_is_known() =>
        new WaitingForReady(1, 3, [new("Deployment", "default", "web", "InProgress", "1 of 3 available"), new("Service", "default", "web", "InProgress", "")])
            .Message.Should().Be("1/3 ready, waiting for Deployment/web: 1 of 3 available, Service/web");

    [Fact]
    public void A_wait_that_is_over_names_nothing() => new WaitingForReady(3, 3, []).Message.Should().Be("3/3 ready");
}
