using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Checked values of something that routes are made of: a rule, a task.</summary>
/// <typeparam name="TRow">Its row.</typeparam>
internal interface IRouteSettings<in TRow>
{
    /// <summary>What the rest of the organisation says against them; null = nothing.</summary>
    Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid id, CancellationToken cancellationToken);

    /// <summary>Writes them into the row.</summary>
    void Apply(TRow row);
}

/// <summary>Something that routes are made of, and how its life differs from that of the others.</summary>
/// <typeparam name="TRow">Its row.</typeparam>
/// <typeparam name="TDetails">What commands and the audit show of it.</typeparam>
internal sealed record RouteKind<TRow, TDetails>
    where TRow : class
    where TDetails : class
{
    /// <summary>What messages and the audit call it.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of its changes; of <see cref="Shared.Domain.ConfigurationKinds"/>.</summary>
    public required string Configuration { get; init; }

    /// <summary>As many as an organisation may have.</summary>
    public required int Most { get; init; }

    /// <summary>An organisation's rows.</summary>
    public required Func<GatewayDbContext, Guid, IQueryable<TRow>> Rows { get; init; }

    /// <summary>A new row of an organisation, still without values; gets the organisation and the row's id.</summary>
    public required Func<ConfigurationWrite, Actor, Guid, Guid, CancellationToken, Task<TRow>> New { get; init; }

    /// <summary>What is shown of a row.</summary>
    public required Func<TRow, TDetails> Show { get; init; }

    /// <summary>JSON of that.</summary>
    public required JsonTypeInfo<TDetails> Json { get; init; }

    /// <summary>Null when one may go; otherwise what stands against it.</summary>
    public Func<GatewayDbContext, Guid, Guid, CancellationToken, Task<Failure?>>? MayGo { get; init; }
}

/// <summary>Adds, changes and deletes what routes are made of. For operators, organisation admins and platform engineers; gateways follow within a second.</summary>
internal static class RouteEdits
{
    /// <summary>Adds one.</summary>
    public static Task<Result<TDetails>> CreateAsync<TRow, TDetails>(
        this ConfigurationWriter writer, RouteKind<TRow, TDetails> kind, Actor actor, Func<FieldChecks, IRouteSettings<TRow>> read, CancellationToken cancellationToken)
        where TRow : class
        where TDetails : class =>
        writer.ChangeAsync<TRow, TDetails>(actor, read, async (write, organisation, settings, token) =>
        {
            if (await kind.Rows(write.Context, organisation).CountAsync(token) >= kind.Most)
                return new Failure.Conflict($"There are {kind.Most} {kind.Name}s already, as many as there may be. Delete one first.");
            if (await settings.CheckAsync(write.Context, organisation, Guid.Empty, token) is { } contradiction) return contradiction;
            var id = write.NewId();
            var row = await kind.New(write, actor, organisation, id, token);
            settings.Apply(row);
            write.Context.Add(row);
            var after = kind.Show(row);
            write.Record($"{kind.Name}.create", kind.Configuration, id, organisation, null, after, kind.Json);
            return after;
        }, cancellationToken);

    /// <summary>Sets all values of one.</summary>
    public static Task<Result<TDetails>> UpdateAsync<TRow, TDetails>(
        this ConfigurationWriter writer, RouteKind<TRow, TDetails> kind, Actor actor, Guid id, Func<FieldChecks, IRouteSettings<TRow>> read, CancellationToken cancellationToken)
        where TRow : class
        where TDetails : class =>
        writer.ChangeAsync<TRow, TDetails>(actor, read, async (write, organisation, settings, token) =>
        {
            if (await FindAsync(kind, write.Context, organisation, id, token) is not { } row) return new Failure.NotFound(kind.Name);
            if (await settings.CheckAsync(write.Context, organisation, id, token) is { } contradiction) return contradiction;
            var before = kind.Show(row);
            settings.Apply(row);
            var after = kind.Show(row);
            write.Record($"{kind.Name}.update", kind.Configuration, id, organisation, before, after, kind.Json);
            return after;
        }, cancellationToken);

    /// <summary>Deletes one.</summary>
    public static async Task<Result<Done>> DeleteAsync<TRow, TDetails>(
        this ConfigurationWriter writer, RouteKind<TRow, TDetails> kind, Actor actor, Guid id, CancellationToken cancellationToken)
        where TRow : class
        where TDetails : class
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            if (await FindAsync(kind, write.Context, organisation, id, token) is not { } row) return new Failure.NotFound(kind.Name);
            if (kind.MayGo is { } mayGo && await mayGo(write.Context, organisation, id, token) is { } bond) return bond;
            write.Context.Remove(row);
            write.Record<TDetails>($"{kind.Name}.delete", kind.Configuration, id, organisation, kind.Show(row), null, kind.Json);
            return new Done();
        }, cancellationToken);
    }

    private static Task<TRow?> FindAsync<TRow, TDetails>(RouteKind<TRow, TDetails> kind, GatewayDbContext context, Guid organisation, Guid id, CancellationToken cancellationToken)
        where TRow : class
        where TDetails : class =>
        kind.Rows(context, organisation).FirstOrDefaultAsync(row => EF.Property<Guid>(row, "Id") == id, cancellationToken);

    private static async Task<Result<TDetails>> ChangeAsync<TRow, TDetails>(
        this ConfigurationWriter writer, Actor actor, Func<FieldChecks, IRouteSettings<TRow>> read,
        Func<ConfigurationWrite, Guid, IRouteSettings<TRow>, CancellationToken, Task<Result<TDetails>>> change, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = read(checks);
        if (checks.Failure is { } faults) return faults;
        return await writer.WriteAsync<TDetails>(actor, (write, token) => change(write, organisation, settings, token), cancellationToken);
    }
}
