using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// What changes between the caller's body and the provider's: the model's name, and for streams <c>stream_options.include_usage</c>, without which a
/// stream would carry no usage to bill by (OpenAI API reference, "Create chat completion", stream_options).
/// </summary>
internal static class OpenAiRequestWriter
{
    private static readonly byte[] UsageField = ""","stream_options":{"include_usage":true}"""u8.ToArray();
    private static readonly byte[] UsageObject = """{"include_usage":true}"""u8.ToArray();
    private static readonly byte[] UsageFirst = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    /// <summary>The edits, in ascending order.</summary>
    /// <param name="request">The caller's body.</param>
    /// <param name="upstreamModelJson">The provider's name of the model, a JSON string.</param>
    /// <param name="asksForUsage">Whether the provider wants to be asked for a stream's usage.</param>
    public static BodyEdit[] Edit(RequestFacts request, byte[] upstreamModelJson, bool asksForUsage = true)
    {
        var model = request.HasModelField
            ? new BodyEdit(request.ModelRange.Start.Value, request.ModelRange.End.Value, upstreamModelJson)
            : new BodyEdit(request.RootStart, request.RootStart, [.. "\"model\":"u8, .. upstreamModelJson, (byte)',']);
        if (!request.Stream || !asksForUsage || request.CallerWantsUsage) return [model];
        var usage = AskForUsage(request);
        return model.Start <= usage.Start ? [model, usage] : [usage, model];
    }

    private static BodyEdit AskForUsage(RequestFacts request)
    {
        var options = request.StreamOptionsRange;
        return request.StreamOptions switch
        {
            StreamOptionsState.Absent => new(request.RootEnd, request.RootEnd, UsageField),
            StreamOptionsState.Null or StreamOptionsState.Empty => new(options.Start.Value, options.End.Value, UsageObject),
            StreamOptionsState.Silent => new(options.Start.Value + 1, options.Start.Value + 1, UsageFirst),
            _ => new(request.IncludeUsageRange.Start.Value, request.IncludeUsageRange.End.Value, True),
        };
    }
}
