using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Deployments to write requests for.</summary>
internal static class Deployments
{
    public static DeploymentSnapshot Of(string model, string protocol = "gemini") => new()
    {
        Id = Guid.Empty, Name = "d", UpstreamModel = model, IsEnabled = true, Prices = [], Provider = Provider(protocol),
    };

    public static ProviderSnapshot Provider(string protocol, bool isPrivate = false) =>
        new(Guid.Empty, "google", protocol, new Uri("https://generativelanguage.googleapis.com/v1beta"), isPrivate, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
}
