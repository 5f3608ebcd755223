using System.Net;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>The caller's body with a few edits, written piece by piece: a body of 32 MB is not copied to change its model's name.</summary>
internal sealed class SplicedContent : HttpContent
{
    private readonly RequestFacts facts;
    private readonly ReadOnlyMemory<byte> body;
    private readonly BodyEdit[] edits;
    private readonly long length;

    /// <summary>The body with edits in ascending order that do not overlap.</summary>
    public SplicedContent(RequestFacts facts, BodyEdit[] edits)
    {
        this.facts = facts;
        body = facts.Body;
        this.edits = edits;
        length = body.Length;
        foreach (var edit in edits) length += edit.Replacement.Length - (edit.End - edit.Start);
        Headers.TryAddWithoutValidation("Content-Type", facts.Form?.ContentType ?? "application/json");
    }

    /// <inheritdoc />
    protected override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }

    /// <inheritdoc />
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc />
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        facts.BeginSending();
        try
        {
            var at = 0;
            foreach (var edit in edits)
            {
                await stream.WriteAsync(body[at..edit.Start], cancellationToken);
                await stream.WriteAsync(edit.Replacement, cancellationToken);
                at = edit.End;
            }
            await stream.WriteAsync(body[at..], cancellationToken);
        }
        finally
        {
            facts.EndSending();
        }
    }
}
