using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Overview;

/// <summary>The first page: what waits for the visitor, then the parts of it that the visitor's role may see.</summary>
internal sealed class HomeQuery(OverviewQuery overview, NeedsQuery needs, MoneyQuery money, SecurityQuery security, TimeProvider clock)
{
    /// <summary>What the actor may see of it. The parts are read side by side: none waits for another.</summary>
    public async Task<Result<HomeData>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var seesCosts = Permissions.Of(actor, Permission.SeeCosts) > Reach.None;
        var seesSecurity = Permissions.Of(actor, Permission.ReadAudit) == Reach.Organisation;
        var waiting = needs.RunAsync(actor, cancellationToken);
        var day = seesCosts ? overview.RunAsync(actor, cancellationToken) : null;
        var spent = seesCosts ? money.RunAsync(actor, cancellationToken) : null;
        var refused = seesSecurity ? security.RunAsync(actor, cancellationToken) : null;
        await Task.WhenAll([waiting, .. new Task?[] { day, spent, refused }.OfType<Task>()]);

        if (day is not null && (await day).Failure is { } noDay) return noDay;
        if (spent is not null && (await spent).Failure is { } noMoney) return noMoney;
        if (refused is not null && (await refused).Failure is { } noSecurity) return noSecurity;
        return new HomeData
        {
            AsOf = clock.GetUtcNow(), Needs = await waiting, Day = day is null ? null : (await day).Value, Money = spent is null ? null : (await spent).Value, Security = refused is null ? null : (await refused).Value,
            Order = [.. HomeParts.For(actor.Roles).Where(p => p == HomeParts.Security ? seesSecurity : seesCosts)],
        };
    }
}
