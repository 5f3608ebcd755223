using System.Globalization;
using AspireGateway.Gateway.Accounting.Limits;

namespace AspireGateway.Gateway.Egress;

/// <summary>The response headers that say what is left of limits, with OpenAI's names, and what limits and budgets did to the request.</summary>
internal static class LimitHeaders
{
    /// <summary>Sets what is known. Of several limits the one with the least left is shown.</summary>
    public static void Set(IHeaderDictionary headers, Reservation reservation)
    {
        if (reservation.DowngradedFrom is { } from) headers["x-gateway-downgraded-from"] = from;
        if (reservation.ClampedTo is { } cap) headers["x-gateway-max-tokens-clamped"] = Number(cap);
        if (reservation.RefusedBy is { Limit: { Row: { Period: not null } row } } && reservation.Hold is null)
        {
            var isRequests = row.Unit == Shared.Domain.Limits.LimitUnits.Requests;
            headers[isRequests ? "x-ratelimit-limit-requests" : "x-ratelimit-limit-tokens"] = Number(row.Amount);
            headers[isRequests ? "x-ratelimit-remaining-requests" : "x-ratelimit-remaining-tokens"] = "0";
            headers[isRequests ? "x-ratelimit-reset-requests" : "x-ratelimit-reset-tokens"] = Duration(reservation.Refusal.First);
            return;
        }
        if (reservation.Hold is not { } hold) return;
        var answer = reservation.Answer;
        if (answer.Requests.Meter >= 0)
        {
            headers["x-ratelimit-limit-requests"] = Number(hold.Meters[answer.Requests.Meter].Limit!.Row.Amount);
            headers["x-ratelimit-remaining-requests"] = Number(answer.Requests.Left);
            headers["x-ratelimit-reset-requests"] = Duration(answer.Requests.ResetUs);
        }
        if (answer.Tokens.Meter < 0) return;
        headers["x-ratelimit-limit-tokens"] = Number(hold.Meters[answer.Tokens.Meter].Limit!.Row.Amount);
        headers["x-ratelimit-remaining-tokens"] = Number(answer.Tokens.Left);
        headers["x-ratelimit-reset-tokens"] = Duration(answer.Tokens.ResetUs);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    // As OpenAI writes them (API reference, "Rate limits in headers"): 1s, 6m0s, 20ms. Rounded up: who comes back then is not told to wait again.
    private static string Duration(long microseconds)
    {
        if (microseconds <= 0) return "0ms";
        if (microseconds < 1_000_000) return Number((microseconds + 999) / 1_000) + "ms";
        var seconds = (microseconds + 999_999) / 1_000_000;
        return seconds < 60 ? Number(seconds) + "s"
            : seconds < 3600 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60}s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h{seconds / 60 % 60}m{seconds % 60}s");
    }
}
