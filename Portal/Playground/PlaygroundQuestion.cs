using System.Text.Json;

namespace AspireGateway.Portal.Playground;

/// <summary>One question to one model. It lives in the tab's circuit and goes to the gateway, and nowhere else.</summary>
public sealed class PlaygroundQuestion
{
    /// <summary>Longest message and longest system prompt, in characters: what a browser sends at once must fit the circuit's 32 KiB.</summary>
    public const int MaxText = 8_000;

    /// <summary>Most tokens of an answer where nothing else is asked for.</summary>
    public const int UsualMaxTokens = 1_000;

    /// <summary>Most tokens that may be asked for.</summary>
    public const int MaxMaxTokens = 100_000;

    /// <summary>The logical model.</summary>
    public required string Model { get; init; }

    /// <summary>The message.</summary>
    public required string Message { get; init; }

    /// <summary>The system prompt; empty = none.</summary>
    public string System { get; init; } = "";

    /// <summary>0 to 2; null = the model's own.</summary>
    public decimal? Temperature { get; init; }

    /// <summary>Most tokens of the answer.</summary>
    public int MaxTokens { get; init; } = UsualMaxTokens;

    /// <summary>The chat request, streamed.</summary>
    public byte[] Body()
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, Model);
            json.WriteBoolean("stream"u8, true);
            json.WriteNumber("max_tokens"u8, MaxTokens);
            if (Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
            json.WriteStartArray("messages"u8);
            if (System.Length > 0) WriteMessage(json, "system", System);
            WriteMessage(json, "user", Message);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return body.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }
}
