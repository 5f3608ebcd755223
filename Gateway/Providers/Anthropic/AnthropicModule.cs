using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.Providers.Prefixes;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Anthropic's HTTP API ("Messages", "Count Message tokens", "Versioning"), which some vendors of other models speak too.</summary>
internal sealed class AnthropicModule : IProviderModule
{
    private static readonly AnthropicMessagesOperation Messages = new();
    private static readonly AnthropicCountOperation Counting = new();
    private static readonly AnthropicTranslator Translator = new();
    private static readonly AnthropicPromptCaching Caching = new();

    private static readonly UpstreamTarget MessagesTarget = TargetAt("/messages"), CountTarget = TargetAt("/messages/count_tokens");

    /// <inheritdoc />
    public string Protocol => "anthropic";

    /// <inheritdoc />
    public IChatTranslator? Chat => Translator;

    /// <inheritdoc />
    public IPromptCaching PromptCaching => Caching;

    /// <inheritdoc />
    public IRequestAuthorization? Authorize(string secret, ProviderSnapshot provider) => new HeaderAuthorization("x-api-key", secret);

    /// <inheritdoc />
    public UpstreamTarget? TargetOf(Operation operation, DeploymentSnapshot deployment, bool stream) =>
        operation.Kind == OperationKind.CountTokens ? CountTarget : MessagesTarget;

    /// <inheritdoc />
    public IDirectOperation? DirectFor(Operation operation) => (operation.Dialect, operation.Kind) switch
    {
        (Dialect.Anthropic, OperationKind.Chat) => Messages,
        (Dialect.Anthropic, OperationKind.CountTokens) => Counting,
        _ => null,
    };

    /// <inheritdoc />
    public ProviderFailure? FailureIn(ReadOnlySpan<byte> eventData) =>
        AnthropicStreamFacts.IsFailure(eventData) ? AnthropicFailureReader.InStream(eventData) : null;

    /// <inheritdoc />
    public ProviderFailure ReadFailure(in FailedReply reply) => AnthropicFailureReader.Read(reply.Status, reply.RetryAfterSeconds, reply.Body);

    // The version is what the whole module is written against; a caller's own wins, because it is sent in place of this one.
    private static UpstreamTarget TargetAt(string path) =>
        new(path, ("anthropic-version", "2023-06-01")) { CallerHeaders = ["anthropic-version", "anthropic-beta"] };
}
