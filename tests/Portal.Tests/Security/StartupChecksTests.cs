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

    [Theory]
    [InlineData("Production", null, null, null)]
    [InlineData("Production", "Portal:Oidc:Authority", "http://127.0.0.1:9000", "Portal__Oidc__Authority must be https.")]
    [InlineData("Development", "Portal:Oidc:Authority", "http://127.0.0.1:9000", null)]
    [InlineData("Development", "Portal:Oidc:Authority", "http://id.example.org", "Portal__Oidc__Authority must be https.")]
    [InlineData("Development", "Portal:Oidc:Authority", "id.example.org", "absolute address")]
    [InlineData("Development", "Portal:Oidc:Authority", "https://id.example.org?x=1", "absolute address")]
    [InlineData("Development", "Portal:Oidc:Authority", null, "Portal__Oidc__Authority is missing")]
    [InlineData("Development", "Portal:Oidc:ClientId", null, "Portal__Oidc__ClientId is missing")]
    [InlineData("Development", "Portal:Oidc:ClientSecret", " ", "Portal__Oidc__ClientSecret is missing")]
    [InlineData("Development", "Portal:Oidc:Scopes", "profile email", "must hold openid")]
    [InlineData("Development", "Portal:Oidc:OperatorGroups", null, "nobody could say who may do what")]
    [InlineData("Development", "Portal:Oidc:OperatorGroup", "typo", "Portal__Oidc__OperatorGroup is not a setting")]
    [InlineData("Development", "Portal:Oidc:TrustEmail", "yes", "true or false")]
    [InlineData("Development", "Portal:PublicUrl", null, "Portal__PublicUrl is missing")]
    [InlineData("Development", "Portal:PublicUrl", "https://portal.example.org/path", "without a path")]
    [InlineData("Development", "Portal:PublicUrl", "portal.example.org", "without a path")]
    [InlineData("Production", "Portal:PublicUrl", "http://portal.example.org", "must be https")]
    [InlineData("Development", "Portal:ApiOnly", "true", "contradict")]
    [InlineData("Development", "Portal:TrustedProxies", "10.0.0.1, 10.1.0.0/16", null)]
    [InlineData("Development", "Portal:TrustedProxies", "proxy.example.org", "Portal__TrustedProxies")]
    [InlineData("Development", "Portal:Session:IdleMinutes", "0", "Portal__Session__IdleMinutes")]
    [InlineData("Development", "Portal:Session:AbsoluteMinutes", "often", "Portal__Session__AbsoluteMinutes")]
    public void Start_WithAnIdentityProvider_IsRefusedForADoubtfulSetting(string environment, string? setting, string? value, string? fault)
    {
        var settings = Complete(null, null, apiOnly: false);
        foreach (var (name, good) in ((string, string)[])
            [("Oidc:Authority", "https://id.example.org"), ("Oidc:ClientId", "portal"), ("Oidc:ClientSecret", "a-secret-of-the-client"), ("Oidc:OperatorGroups", "operators"), ("PublicUrl", "https://portal.example.org")])
            settings["Portal:" + name] = good;
        if (setting is not null) settings[setting] = value;
        if (setting == "Portal:ApiOnly") settings["Portal:AdminToken"] = Token;
        var faults = Check(environment, settings);
        if (fault is null) Assert.Empty(faults);
        else Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain(faults, f => f.Contains("a-secret-of-the-client", StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_Printed_ShowNoSecretOfTheProvider() =>
        Assert.DoesNotContain(Token, new AspireGateway.Portal.Security.Oidc.OidcSettings { ClientSecret = Token }.ToString(), StringComparison.Ordinal);

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
