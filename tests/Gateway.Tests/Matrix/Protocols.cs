using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Tests.Matrix;

/// <summary>The rows and columns of the matrix.</summary>
internal static class Protocols
{
    /// <summary>Protocols with a wire format of their own.</summary>
    public static readonly string[] All = ["openai", "anthropic", "gemini", "bedrock"];

    /// <summary>The operation that chats in a dialect.</summary>
    public static Operation OperationOf(string dialect) => dialect switch
    {
        "openai" => Operation.ChatCompletions,
        "responses" => Operation.Responses,
        _ => Operation.Messages,
    };

    /// <summary>A deployment of a protocol.</summary>
    public static DeploymentSnapshot Deployment(string protocol, Uri? address = null, CredentialSlot[]? credentials = null) => new()
    {
        Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
        Name = "d",
        Provider = new ProviderSnapshot(
            Guid.CreateVersion7(DateTimeOffset.UnixEpoch), "p", protocol, address ?? new Uri("http://127.0.0.1:1"), IsPrivate: true, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)),
        UpstreamModel = protocol switch
        {
            "openai" => "gpt-5",
            "anthropic" => "claude-sonnet-4-5",
            "gemini" => "gemini-2.5-pro",
            _ => "anthropic.claude-sonnet-4-5-v1:0",
        },
        MaxOutputTokens = 64_000,
        IsEnabled = true,
        Credentials = credentials ?? [],
        Prices = [new PriceSnapshot(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), DateTimeOffset.MinValue, new PriceComponents { Input = 1_000_000_000, Output = 2_000_000_000 })],
    };
}
