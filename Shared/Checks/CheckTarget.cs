namespace AspireGateway.Shared.Checks;

/// <summary>Where a check is and how it is spoken to.</summary>
/// <param name="Kind">Of <see cref="Domain.Guardrails.GuardrailCheckKinds"/>.</param>
/// <param name="Address">What is posted to.</param>
/// <param name="Model">The model that it is asked for; null = none is named.</param>
/// <param name="IsPrivate">Whether it may be in a private network.</param>
internal sealed record CheckTarget(string Kind, Uri Address, string? Model, bool IsPrivate)
{
    /// <summary>Of an address as it is set; null = it is none.</summary>
    public static CheckTarget? Of(string kind, string url, string? model, bool isPrivate) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new(kind, address, model, isPrivate) : null;
}
