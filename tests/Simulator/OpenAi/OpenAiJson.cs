using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>What the shapes of OpenAI's protocol have in common.</summary>
internal static class OpenAiJson
{
    /// <summary>Seconds since 1970 at which the simulator's models were "created".</summary>
    public const long ModelsCreated = 1_700_000_000;

    /// <summary>OpenAI sends UTF-8 text unescaped.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string? BearerOf(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && header.Length > scheme.Length
            ? header[scheme.Length..].Trim()
            : null;
    }

    public static void WriteError(IBufferWriter<byte> into, Refusal refusal)
    {
        using var writer = new Utf8JsonWriter(into, Options);
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", refusal.Message);
        writer.WriteString("type", TypeOf(refusal.Status));
        writer.WriteString("param", refusal.Param);
        writer.WriteString("code", refusal.Code ?? CodeOf(refusal.Status));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string TypeOf(int status) => status switch
    {
        429 => "requests",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private static string? CodeOf(int status) => status switch
    {
        401 => "invalid_api_key",
        429 => "rate_limit_exceeded",
        _ => null,
    };
}
