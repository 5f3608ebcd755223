namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>How a check that reads pictures or sounds is sent one. Pure.</summary>
internal interface IMediaProtocol
{
    /// <summary>The body of the question.</summary>
    HttpContent Write(string? model, CheckMedia media);
}
