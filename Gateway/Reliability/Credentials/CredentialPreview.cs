using System.Text.Json;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Reliability.Credentials;

/// <summary>Shows in a preview which of a deployment's credentials rest at this gateway. Ids only.</summary>
internal static class CredentialPreview
{
    /// <summary>Writes nothing of a deployment that has no choice.</summary>
    public static void Write(DeploymentSnapshot deployment, DateTimeOffset now, Utf8JsonWriter json)
    {
        if (deployment.Credentials.Length < 2) return;
        var nowMs = now.ToUnixTimeMilliseconds();
        json.WriteStartArray("credentials"u8);
        foreach (var slot in deployment.Credentials)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, slot.Credential.Id);
            json.WriteString("state"u8, slot.IsRefusedAt(nowMs) ? "refused"u8 : slot.RestsAt(nowMs) ? "limited"u8 : "ready"u8);
            if (slot.RestsAt(nowMs)) json.WriteString("until"u8, DateTimeOffset.FromUnixTimeMilliseconds(slot.RestsUntilMs));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
