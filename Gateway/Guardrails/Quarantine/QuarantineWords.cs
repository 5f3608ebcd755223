using System.Globalization;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Quarantine;

/// <summary>What callers are told of quarantined requests.</summary>
internal static class QuarantineWords
{
    /// <summary>It waits for a decision, or was released.</summary>
    public static string Kept(KeptRequest request, KeptTicket ticket) => ticket.IsReleased
        ? $"This request was released: repeat it with the header '{Tickets.Header}: {ticket.Id}', once."
        : $"Guardrail '{request.Guardrails[0]}' keeps this request for a reviewer: it holds {request.Found}. Ticket {ticket.Id}: once it is released in the portal under Quarantine, repeat the same request with the header "
            + $"'{Tickets.Header}: {ticket.Id}'. Unless that happens by {Moment(ticket.Deadline)} it is rejected.";

    /// <summary>The ticket that came with it does not let it pass.</summary>
    public static string NotUsable(Guid ticket, TicketState? state, DateTimeOffset now) => state switch
    {
        null => $"Ticket {ticket} is none of this key's. Send the request without '{Tickets.Header}' to ask a reviewer.",
        { State: QuarantineStates.Rejected } => $"Ticket {ticket} was rejected: the request may not leave. Take out what the guardrail found, or ask your security reviewers.",
        { State: QuarantineStates.Expired } => $"Ticket {ticket} was not released by {Moment(state.Deadline)} and counts as rejected. Send the request without '{Tickets.Header}' to ask again.",
        { IsSameBody: false } => $"Ticket {ticket} is for another request: it is good for the one that was kept, to the byte. Send this one without '{Tickets.Header}' to ask a reviewer.",
        { State: QuarantineStates.Pending } => $"Ticket {ticket} waits for a decision in the portal under Quarantine, until {Moment(state.Deadline)}.",
        { WasUsed: true } => $"Ticket {ticket} has been used: it is good for one request. Send it without '{Tickets.Header}' to ask again.",
        { CoversGuardrails: false } => $"Ticket {ticket} was released for what other guardrails found: the policies have changed since. Send the request without '{Tickets.Header}' to ask again.",
        _ when state.ValidUntil <= now => $"Ticket {ticket} was released, and could be used until {Moment(state.ValidUntil.Value)}. Send the request without '{Tickets.Header}' to ask again.",
        _ => $"Ticket {ticket} cannot be used for this request now. Send it without '{Tickets.Header}' to ask again.",
    };

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
