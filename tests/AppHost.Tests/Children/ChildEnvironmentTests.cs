using AspireGateway.AppHost.Local.Children;

namespace AspireGateway.AppHost.Tests.Children;

public sealed class ChildEnvironmentTests
{
    private static ChildEnvironment Of(params (string Name, string Value)[] variables) =>
        new(variables.ToDictionary(v => v.Name, v => v.Value));

    [Theory]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("DOTNET_LAUNCH_PROFILE")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL")]
    [InlineData("ConnectionStrings__gatewaydb")]
    [InlineData("OPENAI_API_KEY")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("GITHUB_TOKEN")]
    public void ForService_ForeignVariable_StaysOut(string name) => Assert.DoesNotContain(name, Of((name, "x")).ForService("gateway").Keys);

    [Theory]
    [InlineData("PATH")]
    [InlineData("LC_ALL")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("Gateway__PreviousMasterKeys")]
    [InlineData("DOTNET_gcServer")]
    [InlineData("HTTPS_PROXY")]
    public void ForService_WantedVariable_IsPassedOn(string name) => Assert.Equal("x", Of((name, "x")).ForService("gateway")[name]);

    [Fact]
    public void ForService_ContentCapture_IsAlwaysOff()
    {
        const string capture = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

        Assert.Equal("false", Of((capture, "true")).ForService("gateway")[capture]);
    }

    [Theory]
    [InlineData("", "Development")]
    [InlineData("Production", "Production")]
    public void ForService_AspNetEnvironment_IsTheCallersOrDevelopment(string given, string expected) =>
        Assert.Equal(expected, Of(("ASPNETCORE_ENVIRONMENT", given)).ForService("portal")["ASPNETCORE_ENVIRONMENT"]);

    [Theory]
    [InlineData("OPENAI_API_KEY", "sk", true)]
    [InlineData("ANTHROPIC_API_KEY", "sk", true)]
    [InlineData("GEMINI_API_KEY", "k", true)]
    [InlineData("AWS_ACCESS_KEY_ID", "AK", true)]
    [InlineData("AZURE_OPENAI_API_KEY", "k", true)]
    [InlineData("OPENAI_API_KEY", "", false)]
    [InlineData("AWS_REGION", "eu-central-1", false)]
    [InlineData("OPENAI_ORGANIZATION", "o", false)]
    public void HasProviderKey_Variable_IsJudged(string name, string value, bool expected) =>
        Assert.Equal(expected, Of((name, value)).HasProviderKey);

    [Fact]
    public void ForMigration_ProviderVariables_AreAllThere()
    {
        var environment = Of(("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AZURE_OPENAI_ENDPOINT", "c"), ("GITHUB_TOKEN", "d"))
            .ForMigration("migration");

        Assert.Equal(("a", "b", "c"), (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], environment["AZURE_OPENAI_ENDPOINT"]));
        Assert.DoesNotContain("GITHUB_TOKEN", environment.Keys);
    }

    [Fact]
    public void ForTool_GetsNoneOfOurSettings() =>
        Assert.Equal(["PATH"], Of(("PATH", "/bin"), ("Gateway__MasterKey", "k"), ("HOME", "/root")).ForTool().Keys);
}
