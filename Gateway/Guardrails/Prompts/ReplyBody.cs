using System.Text.Json;

namespace AspireGateway.Gateway.Guardrails.Prompts;

/// <summary>The texts of a whole reply.</summary>
internal static class ReplyBody
{
    private const int MaxDepth = 256;

    /// <summary>Adds them: those of JSON, or all of it where it is none, as transcriptions that are asked for as text or subtitles are.</summary>
    public static void Read(ReadOnlySpan<byte> body, BodyTexts texts)
    {
        if (IsJson(body)) BodyTextReader.TryRead(body, MaxDepth, texts);
        else if (!body.IsEmpty) texts.AddPlain(body, ..);
    }

    // To its end: somebody who is written down may say what begins like JSON.
    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        if (!RequestBody.IsJson(body)) return false;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                // All tokens are read, and what stands behind the value is one that is none.
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
