using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Providers;

/// <summary>The values of a provider that may change, checked.</summary>
internal sealed record ProviderSettings(
    string Name, string Protocol, string BaseUrl, bool IsPrivate, int ConnectTimeoutMs, int FirstByteTimeoutMs, int IdleTimeoutMs)
{
    private const int MaxWaitMs = 3_600_000;

    public static ProviderSettings Read(FieldChecks checks, ProviderRequest r)
    {
        var name = checks.Text("name", r.Name);
        var protocol = checks.Optional("protocol", r.Protocol) ?? Protocols.OpenAi;
        checks.Must(Protocols.All.Contains(protocol), "protocol", $"protocol is one of {string.Join(", ", Protocols.All)}.");
        var (url, fault) = BaseAddress.Check(r.BaseUrl, r.IsPrivate);
        if (fault is not null) checks.Add("base_url", fault);
        checks.Range("connect_timeout_ms", r.ConnectTimeoutMs, 100, 60_000);
        checks.Range("first_byte_timeout_ms", r.FirstByteTimeoutMs, 1_000, MaxWaitMs);
        checks.Range("idle_timeout_ms", r.IdleTimeoutMs, 1_000, MaxWaitMs);
        return new(
            name, protocol, url, r.IsPrivate, r.ConnectTimeoutMs ?? Provider.DefaultConnectTimeoutMs,
            r.FirstByteTimeoutMs ?? Provider.DefaultFirstByteTimeoutMs, r.IdleTimeoutMs ?? Provider.DefaultIdleTimeoutMs);
    }

    public void Apply(Provider p) =>
        (p.Name, p.Protocol, p.BaseUrl, p.IsPrivate, p.ConnectTimeoutMs, p.FirstByteTimeoutMs, p.IdleTimeoutMs) =
        (Name, Protocol, BaseUrl, IsPrivate, ConnectTimeoutMs, FirstByteTimeoutMs, IdleTimeoutMs);
}
