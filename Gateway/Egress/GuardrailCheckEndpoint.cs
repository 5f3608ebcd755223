using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Checking;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Egress;

/// <summary><c>POST /v1/guardrails/check</c>: what would a text meet? Nothing leaves but to the checks of the key's policies, nothing is kept; free of charge and off the journey, so without a usage record.</summary>
internal static class GuardrailCheckEndpoint
{
    private const string Path = "/v1/guardrails/check";

    // It is JSON and nothing else, so a placeholder need not be escaped.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Maps it.</summary>
    public static void MapGuardrailCheck(this WebApplication app)
    {
        app.MapPost(Path, AnswerAsync);
        app.Map(Path, (HttpContext http) => ErrorWriter.WriteAsync(http, Refusal.MethodNotAllowed($"{Path} takes POST, not {http.Request.Method}.", HttpMethods.Post))).WithOrder(1);
    }

    private static async Task AnswerAsync(HttpContext http, IdentifyCaller identify, SnapshotHolder snapshots, OutsideCheck outside)
    {
        var refusal = identify.Identify(http.Request.Headers, snapshots.Current, out var caller);
        CheckRequest? request = null;
        if (refusal is null) (refusal, request) = await ReadAsync(http);
        if (refusal is not null)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }
        var rules = caller!.Organisation.Guardrails.For(caller.Team.IdText, caller.Key.Id.ToString(), "", caller.GuardrailFloor);
        var body = new ArrayBufferWriter<byte>(256);
        var inside = TextCheck.Of(request!.Input, rules, request.Guardrails);
        Write(body, await outside.AskAsync(inside, caller, rules, request.Guardrails, http.RequestAborted));
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static async Task<(Refusal? Refusal, CheckRequest? Request)> ReadAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > CheckRequest.MaxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (Refusal.TooLarge($"A text to check may have {CheckRequest.MaxBytes:N0} bytes. Check it in parts."), null);
            }
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var refusal = CheckRequest.Read(read.Buffer, out var request);
            reader.AdvanceTo(read.Buffer.End);
            return (refusal, request);
        }
    }

    private static void Write(IBufferWriter<byte> output, TextCheck check)
    {
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        json.WriteString("action"u8, check.Action);
        json.WriteStartArray("findings"u8);
        foreach (var finding in check.Findings)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, finding.Type);
            json.WriteNumber("start"u8, finding.Start);
            json.WriteNumber("end"u8, finding.End);
            json.WriteNumber("score"u8, Math.Round(finding.Score, 3));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (check.Masked is { } masked) json.WriteString("output"u8, masked.Text);
        else json.WriteNull("output"u8);
        json.WriteEndObject();
    }
}
