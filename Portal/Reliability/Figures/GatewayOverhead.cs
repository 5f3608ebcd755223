using AspireGateway.Portal.Overview;

namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>What the gateway itself added to answers lately.</summary>
/// <param name="Answers">How many whole answers were looked at.</param>
/// <param name="Since">When the first of them began; null = there was none.</param>
/// <param name="Time">Percentiles of the time that is not the provider's, exact, in microseconds; null = there was no answer.</param>
public sealed record GatewayOverhead(long Answers, DateTimeOffset? Since, Percentiles? Time);
