using System.Text;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Multipart;

/// <summary>Finds the facts of a transcription request: the file, the model, and whether a stream is wanted. A field that is acted on may stand only once.</summary>
internal static class FormFacts
{
    private const int MaxModelBytes = 512;

    /// <summary>Fills the facts; null = the form is acceptable.</summary>
    public static Refusal? Read(RequestFacts facts, string contentType)
    {
        if (FormReader.Read(facts.Body.Span, contentType, out var form) is { } broken) return broken;
        facts.Form = form;
        facts.Operation = Operation.Transcriptions;
        var hasFile = false;
        var hasStream = false;
        foreach (var part in form!.Parts)
        {
            var value = facts.Body.Span[part.Value];
            switch (part.Name)
            {
                case "model" when facts.HasModelField:
                case "file" when hasFile:
                case "stream" when hasStream:
                    return Refusal.InvalidRequest($"Field '{part.Name}' stands twice in the form. Send it once.", part.Name);
                case "model":
                    if (ReadModel(facts, part, value) is { } refusal) return refusal;
                    break;
                case "file":
                    if (value.IsEmpty) return Refusal.InvalidRequest("Field 'file' is empty. Send the audio file.", "file");
                    hasFile = true;
                    facts.Units = new UnitUsage { Milliseconds = AudioLength.Estimate(value) };
                    break;
                case "stream":
                    hasStream = true;
                    facts.Stream = value.SequenceEqual("true"u8) || value.SequenceEqual("True"u8) || value.SequenceEqual("1"u8);
                    break;
                case "prompt":
                    facts.PromptBytes += value.Length;
                    break;
            }
        }
        return hasFile ? null : Refusal.InvalidRequest("Field 'file' is missing. Send the audio as a file of the form.", "file");
    }

    /// <summary>Fills the model's facts from its part; null = it is acceptable.</summary>
    public static Refusal? ReadModel(RequestFacts facts, in FormPart part, ReadOnlySpan<byte> value)
    {
        if (part.IsFile || value.Length > MaxModelBytes) return Refusal.InvalidRequest("Field 'model' must be a short text: a model of GET /v1/models, or 'auto'.", "model");
        facts.Model = Encoding.UTF8.GetString(value);
        facts.HasModelField = true;
        facts.ModelRange = part.Value;
        return null;
    }
}
