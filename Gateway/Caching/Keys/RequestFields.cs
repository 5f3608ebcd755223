using System.Text.Json;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Caching.Keys;

/// <summary>What the top-level fields of requests mean to the cache (API references of OpenAI and Anthropic).</summary>
internal static class RequestFields
{
    /// <summary>What a field may say of being kept.</summary>
    public enum Marked
    {
        /// <summary>Nothing.</summary>
        Nothing,

        /// <summary>The temperature.</summary>
        Temperature,

        /// <summary>Tools.</summary>
        Tools,

        /// <summary>State at the provider, or an answer that comes later.</summary>
        State,
    }

    /// <summary>
    /// Whether a field concerns the caller and not the answer: who they are, how the answer is sent, what the provider shall keep. The model is said by the plan. Of
    /// embeddings also their form, which the gateway converts.
    /// </summary>
    public static bool IsCallersOnly(ref Utf8JsonReader name, Operation operation) =>
        name.ValueTextEquals("model"u8) || name.ValueTextEquals("stream"u8) || name.ValueTextEquals("stream_options"u8) || name.ValueTextEquals("user"u8) || name.ValueTextEquals("metadata"u8)
        || name.ValueTextEquals("store"u8) || name.ValueTextEquals("safety_identifier"u8) || name.ValueTextEquals("prompt_cache_key"u8) || name.ValueTextEquals("prompt_cache_retention"u8)
        || operation.Kind == OperationKind.Embeddings && name.ValueTextEquals("encoding_format"u8);

    /// <summary>What a field may say of being kept.</summary>
    public static Marked MarkOf(ref Utf8JsonReader name)
    {
        if (name.ValueTextEquals("temperature"u8)) return Marked.Temperature;
        if (name.ValueTextEquals("tools"u8) || name.ValueTextEquals("functions"u8) || name.ValueTextEquals("mcp_servers"u8) || name.ValueTextEquals("web_search_options"u8)) return Marked.Tools;
        return name.ValueTextEquals("conversation"u8) || name.ValueTextEquals("background"u8) || name.ValueTextEquals("container"u8) ? Marked.State : Marked.Nothing;
    }

    /// <summary>What it does say.</summary>
    /// <param name="mark">What it may.</param>
    /// <param name="value">Its value in canonical form.</param>
    public static CacheFitness FitnessOf(Marked mark, ReadOnlySpan<byte> value) => mark switch
    {
        Marked.Temperature when value.SequenceEqual("n0;"u8) => CacheFitness.TemperatureZero,
        Marked.Tools when !value.SequenceEqual("[]"u8) => CacheFitness.Tools,
        Marked.State => CacheFitness.Unfit,
        _ => CacheFitness.None,
    };

    /// <summary>
    /// Whether a field with this value says the same as no such field: null, and what holds by the dialects' own documentation at every provider. What providers
    /// choose differently (temperature, top_p) is not among them.
    /// </summary>
    /// <param name="name">Its name in canonical form.</param>
    /// <param name="value">Its value in canonical form.</param>
    public static bool SaysNothing(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual("z"u8)) return true;
        if (value.SequenceEqual("n1e0;"u8)) return name.SequenceEqual("s1:n"u8);
        if (value.SequenceEqual("n0;"u8)) return name.SequenceEqual("s16:presence_penalty"u8) || name.SequenceEqual("s17:frequency_penalty"u8);
        return value.SequenceEqual("f"u8) && (name.SequenceEqual("s8:logprobs"u8) || name.SequenceEqual("s10:background"u8));
    }
}
