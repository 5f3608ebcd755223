using AspireGateway.AppHost.AspireHost;

namespace AspireGateway.AppHost.Tests.AspireHost;

/// <summary>What a deployment of the Aspire host is asked for, so that the portal that it publishes can start.</summary>
public sealed class SignInSettingsTests
{
    [Fact]
    public void Of_WhenPublishing_AsksForWhatThePortalCannotStartWithout()
    {
        var settings = Of(isRun: false);

        Assert.Equal(
            ["Portal__PublicUrl", "Portal__Oidc__Authority", "Portal__Oidc__ClientId", "Portal__Oidc__ClientSecret", "Portal__Oidc__OperatorGroups"], settings.Select(s => s.Variable));
        Assert.Equal(
            ["portal-public-url", "portal-oidc-authority", "portal-oidc-client-id", "portal-oidc-client-secret", "portal-oidc-operator-groups"], settings.Select(s => s.Name));
        Assert.All(settings, s => Assert.Null(s.Key));
        Assert.Equal("portal-oidc-client-secret", Assert.Single(settings, s => s.IsSecret).Name);
    }

    [Fact]
    public void Of_InRunMode_AsksForNothing() => Assert.Empty(Of(isRun: true));

    [Theory]
    [InlineData("Parameters:portal-oidc-authority")]
    [InlineData("Parameters:portal_oidc_authority")]
    [InlineData("Portal:Oidc:Authority")]
    public void Of_WhatIsConfigured_IsPassedOnUnderEitherName(string key)
    {
        var setting = Assert.Single(Of(isRun: true, (key, "https://id.example.org")));
        Assert.Equal(("Portal__Oidc__Authority", key), (setting.Variable, setting.Key));
        Assert.Equal(key, Of(isRun: false, (key, "https://id.example.org")).Single(s => s.Name == "portal-oidc-authority").Key);
        // Blank is not configured: a deployment that forgot the value is asked.
        Assert.Null(Of(isRun: false, (key, " ")).Single(s => s.Name == "portal-oidc-authority").Key);
    }

    [Fact]
    public void Of_WhatHasADefault_IsPassedOnWhereItIsSet()
    {
        Assert.Contains(Of(isRun: false, ("Portal:Oidc:GroupsClaim", "teams")), s => s is { Variable: "Portal__Oidc__GroupsClaim", Name: "portal-oidc-groups-claim" });
        Assert.Contains(Of(isRun: false, ("Portal:TrustedProxies", "10.0.0.5")), s => s is { Variable: "Portal__TrustedProxies", Name: "portal-trusted-proxies" });
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True ", true)]
    [InlineData("false", false)]
    [InlineData(null, false)]
    public void ApiOnly_WithoutPages_NeedsNoIdentityProvider(string? value, bool apiOnly)
    {
        (string, string?)[] configured = [(SignInSettings.ApiOnlyKey, value), ("Portal:Oidc:Authority", "https://id.example.org")];
        Assert.Equal(apiOnly, SignInSettings.IsApiOnly(key => configured.FirstOrDefault(c => c.Item1 == key).Item2));
        Assert.Equal(apiOnly, Of(isRun: false, configured).Count == 0);
    }

    private static IReadOnlyList<SignInSetting> Of(bool isRun, params (string Key, string? Value)[] configured) =>
        SignInSettings.Of(key => configured.FirstOrDefault(c => c.Key == key).Value, isRun);
}
