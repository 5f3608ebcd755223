using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>Chat completions and embeddings whose callers speak OpenAI's dialect too.</summary>
internal sealed class OpenAiDirectOperation(OpenAiVendor vendor) : IDirectOperation
{
    private static readonly byte[] Float = "\"float\""u8.ToArray();

    private readonly VendorEdits? vendorEdits = vendor.ChangesFields ? new VendorEdits(vendor) : null;

    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped)
    {
        var edits = OpenAiRequestWriter.Edit(request, deployment.UpstreamModelJson, asksForUsage: vendor.StreamOptions);
        var asksForBase64 = request.WantsBase64 == true && !vendor.SupportsBase64Embeddings;
        var isCapped = request.EnforcedCap is not null && request.Operation?.Kind == OperationKind.Chat;
        if (vendorEdits is null && !asksForBase64 && !isCapped) return edits;
        var all = new List<BodyEdit>(edits);
        vendorEdits?.Add(request, all, dropped);
        // The reply's numbers become base64 again on their way to the caller.
        if (asksForBase64) all.Add(new BodyEdit(request.EncodingFormatRange.Start.Value, request.EncodingFormatRange.End.Value, Float));
        // Behind the vendor's edits, which may cut out the field that would say it.
        if (isCapped) BodyEdits.AddCap(request, vendor.MaxTokensField, all);
        return all.Count == edits.Length ? edits : BodyEdits.InOrder(all);
    }

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => OpenAiReplyReader.TryRead(body, facts);

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage) =>
        OpenAiStreamReader.Read(eventData, facts, hideUsage);
}
