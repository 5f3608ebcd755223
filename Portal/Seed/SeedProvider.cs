using System.Text.Json;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Seed;

/// <summary>A vendor to begin with, opened by one key.</summary>
/// <param name="Slug">Its slug.</param>
/// <param name="Name">Its name.</param>
/// <param name="Protocol">What it speaks.</param>
/// <param name="Variable">Environment variable of its key.</param>
/// <param name="BaseUrl">Its address.</param>
/// <param name="Models">Its models.</param>
internal sealed record SeedVendor(string Slug, string Name, string Protocol, string Variable, string BaseUrl, IReadOnlyList<SeedModel> Models);

/// <summary>A provider to begin with, all that it needs at hand.</summary>
/// <param name="Slug">Its slug.</param>
/// <param name="Name">Its name.</param>
/// <param name="Protocol">What it speaks.</param>
/// <param name="BaseUrl">Its address.</param>
/// <param name="Secret">What it is called with.</param>
/// <param name="Hint">What lists show of the secret.</param>
/// <param name="Region">Where it runs; null = unknown.</param>
/// <param name="Models">Its models.</param>
internal sealed record SeedProvider(
    string Slug, string Name, string Protocol, string BaseUrl, string Secret, string Hint, string? Region, IReadOnlyList<SeedModel> Models);

/// <summary>A protocol of the simulator.</summary>
/// <param name="Slug">Slug of its provider.</param>
/// <param name="Name">Its name.</param>
/// <param name="Protocol">What it speaks.</param>
/// <param name="Path">What stands behind the simulator's address.</param>
/// <param name="Secret">What it is called with; the simulator takes any.</param>
/// <param name="Region">Region of its deployment.</param>
/// <param name="LogicalModel">The demo's name of its model.</param>
/// <param name="Description">Purpose of that.</param>
/// <param name="Model">The model.</param>
internal sealed record SeedProtocol(
    string Slug, string Name, string Protocol, string Path, string Secret, string? Region, string LogicalModel, string Description, SeedModel Model);

/// <summary>A model to begin with.</summary>
/// <param name="Upstream">The provider's name of it; the deployment is called after it, with the provider in front.</param>
/// <param name="Tier">Neutral name that leads to it too.</param>
/// <param name="BookName">Its name in the price book; null = the provider's.</param>
internal sealed record SeedModel(string Upstream, string? Tier = null, string? BookName = null)
{
    /// <summary>Its price; null = the price book's.</summary>
    public PriceComponents? Price { get; init; }

    /// <summary>Its context; null = the price book's.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Its longest answer; null = the price book's.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What it can do; null = the price book's.</summary>
    public ModelAbilities? Abilities { get; init; }
}

/// <summary>The credential of Bedrock: AWS's key pair as one secret.</summary>
internal static class AwsSecret
{
    /// <summary>The secret as gateways read it.</summary>
    public static string Of(string accessKeyId, string secretAccessKey, string? sessionToken)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("access_key_id", accessKeyId);
            writer.WriteString("secret_access_key", secretAccessKey);
            if (sessionToken is not null) writer.WriteString("session_token", sessionToken);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
