using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.Portal.Tests.Security;

public sealed class StartupChecksTests
{
    private const string Token = "a-token-of-twenty-and-more";

    [Fact]
    public void Start_WithNothingSet_NamesEveryFaultAtOnce()
    {
        var faults = Check("Production", []);
        Assert.Collection(
            faults,
            f => Assert.Contains("ConnectionStrings__gatewaydb", f, StringComparison.Ordinal),
            f => Assert.Contains("Gateway__MasterKey", f, StringComparison.Ordinal),
            f => Assert.Contains("Portal__ApiOnly", f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Development", null, null, false, 0)]
    [InlineData("Development", Token, Token, false, 0)]
    [InlineData("Staging", Token, Token, false, 0)]
    [InlineData("Development", "short", "short", false, 2)]
    [InlineData("Development", null, null, true, 1)]
    [InlineData("Production", null, null, false, 1)]
    [InlineData("Production", null, Token, false, 1)]
    [InlineData("Production", Token, Token, true, 1)]
    [InlineData("Production", Token, null, false, 2)]
    [InlineData("Production", null, null, true, 1)]
    [InlineData("Production", null, Token, true, 0)]
    public void Start_InEnvironment_IsRefusedUnlessSomebodyMayComeIn(string environment, string? oneTime, string? admin, bool apiOnly, int faults) =>
        Assert.Equal(faults, Check(environment, Complete(oneTime, admin, apiOnly)).Count);

    [Fact]
    public void Start_WhereTheTwoEnvironmentVariablesDisagree_CountsAsProduction()
    {
        var settings = Complete(Token, Token, apiOnly: false);
        settings["ASPNETCORE_ENVIRONMENT"] = "Production";
        Assert.Equal(2, Check("Development", settings).Count);
    }

    [Fact]
    public void Settings_Printed_ShowNoToken() =>
        Assert.DoesNotContain(Token, new PortalSettings { AdminToken = Token, OneTimeToken = Token }.ToString(), StringComparison.Ordinal);

    private static Dictionary<string, string?> Complete(string? oneTime, string? admin, bool apiOnly) => new()
    {
        ["ConnectionStrings:gatewaydb"] = "Host=x", ["Gateway:MasterKey"] = PortalHost.MasterKey,
        ["Portal:OneTimeToken"] = oneTime, ["Portal:AdminToken"] = admin, ["Portal:ApiOnly"] = apiOnly ? "true" : null,
    };

    private static IReadOnlyList<string> Check(string environment, Dictionary<string, string?> settings) =>
        StartupChecks.Run(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new FakeEnvironment(environment));

    private sealed class FakeEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Portal";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
