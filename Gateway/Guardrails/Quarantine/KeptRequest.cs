using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Quarantine;

/// <summary>A request that guardrails would keep, as its caller sent it, before anything in it was masked.</summary>
internal sealed class KeptRequest
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] payload;

    private KeptRequest(byte[] payload) => this.payload = payload;

    /// <summary>The guardrails that keep it, in the order in which they looked.</summary>
    public required string[] Guardrails { get; init; }

    /// <summary>What they found, by type and count.</summary>
    public required IReadOnlyList<(string Type, int Count)> Findings { get; init; }

    /// <summary>How long it waits: the shortest of theirs.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Keyed hashes of caller, path and body; see <see cref="SecretBox.Fingerprints"/>.</summary>
    public required byte[][] Fingerprints { get; init; }

    /// <summary>Bytes of the body.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>What was found, for a sentence.</summary>
    public string Found => string.Join(", ", Findings.Take(5).Select(finding => $"{finding.Count} {finding.Type}"));

    /// <summary>Takes a copy.</summary>
    /// <param name="exchange">The request, whose body is as it came.</param>
    /// <param name="verdicts">Who keeps it, and why.</param>
    /// <param name="box">Hashes it.</param>
    /// <param name="maxBytes">Larger bodies are not copied; then <see cref="Seal"/> has nothing to seal.</param>
    public static KeptRequest Of(Exchange exchange, IReadOnlyList<ScreenVerdict> verdicts, SecretBox box, int maxBytes)
    {
        var body = exchange.Request!.Body;
        var http = exchange.Http.Request;
        var path = http.Path.Value + http.QueryString.Value;
        return new(body.Length > maxBytes ? [] : PayloadOf(path, http.ContentType, body.Span))
        {
            Guardrails = [.. verdicts.Select(verdict => verdict.Rule.Guardrail.Name)],
            Findings = [.. verdicts.SelectMany(verdict => verdict.Types).GroupBy(type => type, StringComparer.Ordinal).Select(group => (group.Key, group.Count())).OrderByDescending(group => group.Item2)],
            Time = verdicts.Min(verdict => verdict.Rule.QuarantineTime),
            Fingerprints = FingerprintsOf(exchange, path, box),
            BodyBytes = body.Length,
        };
    }

    /// <summary>The text, encrypted for its ticket, and wiped here; null = it was too large to be kept.</summary>
    public byte[]? Seal(SecretBox box, Guid organisation, Guid ticket)
    {
        if (payload.Length == 0) return null;
        var sealedPayload = box.Seal(payload, QuarantinedRequest.OwnerOf(organisation, ticket));
        Wipe();
        return sealedPayload;
    }

    /// <summary>Forgets the text.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(payload);

    private static byte[] PayloadOf(string path, string? contentType, ReadOnlySpan<byte> body)
    {
        string? text = null;
        try
        {
            text = StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            // A form with a file in it.
        }
        return JsonSerializer.SerializeToUtf8Bytes(
            new QuarantinedPayload { Path = path, ContentType = contentType, Body = text, Bytes = text is null ? body.ToArray() : null }, QuarantineJson.Default.QuarantinedPayload);
    }

    // The same request again is the same to the byte, but for the boundary of a form, which clients make up each time.
    private static byte[][] FingerprintsOf(Exchange exchange, string path, SecretBox box)
    {
        var facts = exchange.Request!;
        var caller = exchange.Caller!;
        var text = new ArrayBufferWriter<byte>(facts.Body.Length + 256);
        Add(text, caller.Organisation.Id.ToByteArray());
        Add(text, caller.Key.Id.ToByteArray());
        Add(text, Encoding.UTF8.GetBytes(path));
        if (facts.Form is { } form)
        {
            foreach (var part in form.Parts)
            {
                Add(text, Encoding.UTF8.GetBytes(part.Name));
                Add(text, facts.Body.Span[part.Value]);
            }
        }
        else
        {
            Add(text, facts.Body.Span);
        }
        var fingerprints = box.Fingerprints(text.WrittenSpan);
        text.Clear();
        return fingerprints;
    }

    // Lengths in front, so that no two lists of parts look the same.
    private static void Add(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> part)
    {
        BitConverter.TryWriteBytes(text.GetSpan(sizeof(int)), part.Length);
        text.Advance(sizeof(int));
        text.Write(part);
    }
}
