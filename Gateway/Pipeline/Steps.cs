namespace AspireGateway.Gateway.Pipeline;

/// <summary>A step before the reply. It fills its own slot of the exchange, or ends the journey. Returns synchronously when it has nothing to wait for.</summary>
internal interface IDecide
{
    /// <summary>Decides about one exchange.</summary>
    ValueTask<Decision> DecideAsync(Exchange exchange);
}

/// <summary>The one step that writes to the caller: the provider's reply, or the refusal that ended the journey.</summary>
internal interface IReply
{
    /// <summary>Writes the reply of one exchange.</summary>
    Task ReplyAsync(Exchange exchange);
}

/// <summary>A step after the reply. It always runs, also after a refusal or when the caller left, so it never looks at the caller's token.</summary>
internal interface ISettle
{
    /// <summary>Settles one exchange. Must not wait for anything but the store it settles with, and for that only as long as its own deadline.</summary>
    ValueTask SettleAsync(Exchange exchange);
}
