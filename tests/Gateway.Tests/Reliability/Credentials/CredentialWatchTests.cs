using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.State;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Reliability.Credentials;

public sealed class CredentialWatchTests
{
    private readonly CredentialWatch watch = Watches.Silent(Options.Create(new ReliabilityOptions()));

    [Theory]
    [InlineData("rate_limited")]
    [InlineData("unauthorized")]
    [InlineData("credential_unreadable")]
    public void Failed_OneOfTwo_AnotherMayServe(string outcome)
    {
        var deployment = Deployment(2);
        Assert.Equal(CredentialVerdict.Another, Fail(deployment, 0, outcome, 30));
        Assert.True(deployment.Credentials[0].RestsAt(Now) && !deployment.Credentials[1].RestsAt(Now));
        Assert.Null(CredentialSpread.Objection(deployment, Now));
    }

    [Fact]
    public void Failed_AllLimited_TheDeploymentRestsUntilTheFirstWakes()
    {
        var deployment = Deployment(2);
        Fail(deployment, 0, "rate_limited", 2);
        Assert.Equal(CredentialVerdict.AllRest, Fail(deployment, 1, "rate_limited", 60));
        Assert.Equal(Circuit.RestingWord, CredentialSpread.Objection(deployment, Now));
        Assert.Null(CredentialSpread.Objection(deployment, Now + 3_000));
    }

    [Fact]
    public void Failed_AllRefused_IsTheDeploymentsFailure()
    {
        var deployment = Deployment(2);
        Fail(deployment, 0, "unauthorized");
        Assert.Equal(CredentialVerdict.Deployment, Fail(deployment, 1, "unauthorized"));
    }

    [Fact]
    public void Failed_OneRefusedTheOtherLimited_NothingIsWrongWithTheDeployment()
    {
        var deployment = Deployment(2);
        Fail(deployment, 0, "rate_limited", 60);
        Assert.Equal(CredentialVerdict.AllRest, Fail(deployment, 1, "unauthorized"));
    }

    [Theory]
    [InlineData("rate_limited")]
    [InlineData("unauthorized")]
    public void Failed_TheOnlyOne_IsTheDeploymentsBusiness(string outcome)
    {
        var deployment = Deployment(1);
        Assert.Equal(CredentialVerdict.Deployment, Fail(deployment, 0, outcome));
        Assert.Null(CredentialSpread.Objection(deployment, Now));
    }

    [Theory]
    [InlineData("server_error")]
    [InlineData("timeout")]
    [InlineData("rejected")]
    public void Failed_OfAnotherKind_RestsNobody(string outcome)
    {
        var deployment = Deployment(2);
        Assert.Equal(CredentialVerdict.Deployment, Fail(deployment, 0, outcome, 30));
        Assert.False(deployment.Credentials[0].RestsAt(Now));
    }

    // The provider did not say for how long, or said none: never at once.
    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Failed_LimitWithoutATime_RestsForASecond(int? seconds)
    {
        var deployment = Deployment(2);
        var before = Now;
        Fail(deployment, 0, "rate_limited", seconds);
        Assert.InRange(deployment.Credentials[0].RestsUntilMs, before + 1_000, Now + 1_000);
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private CredentialVerdict Fail(DeploymentSnapshot deployment, int place, string outcome, int? seconds = null) => watch.Failed(Guid.Empty, deployment, place, outcome, seconds);

    private static DeploymentSnapshot Deployment(int credentials) => new()
    {
        Id = Guid.NewGuid(), Name = "d", UpstreamModel = "m", IsEnabled = true, Prices = [], Credentials = CredentialSpreadTests.Slots(credentials),
        Provider = new ProviderSnapshot(Guid.Empty, "p", "openai", new Uri("https://p.example/v1"), false, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)),
    };
}
