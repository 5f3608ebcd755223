using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Scopes;

/// <summary>Lists a table of policies, one a scope, whose settings are a document: the organisation's own first, then the newest.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="database">Where the table is.</param>
/// <param name="table">Its name, with columns <c>id, organisation_id, scope_kind, scope_id, settings, created_at, created_by</c>.</param>
/// <param name="permission">Who may see it.</param>
/// <param name="noun">What one is called where there is none.</param>
/// <param name="row">Reads the columns in that order, without the organisation and with the scope's name behind.</param>
/// <param name="idOf">A row's id.</param>
internal sealed class PolicyTable<T>(NpgsqlDataSource database, string table, Permission permission, string noun, Func<NpgsqlDataReader, T> row, Func<T, Guid> idOf)
{
    private readonly string select = $"""
        select s.id, s.scope_kind, s.scope_id, s.settings::text, s.created_at, s.created_by, {ScopeSight.Name}
        from {table} s where s.organisation_id = @organisation
        """;

    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<T>>> PageAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, permission) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(size);
        // The organisation's own stands before the first page's others, whenever it was set.
        var rows = await database.ReadAsync(
            $"""
            {select} and (@after::uuid is null or (s.scope_id is not null and (s.id < @after or exists (select 1 from {table} f where f.id = @after and f.scope_id is null and f.organisation_id = @organisation))))
            order by (s.scope_id is null) desc, s.id desc limit @limit
            """, row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        return PageSize.Page(rows, limit, r => idOf(r).ToString());
    }

    /// <summary>One policy.</summary>
    public async Task<Result<T>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, permission) is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{select} and s.id = @id", row, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id));
        return rows is [var one] ? one : new Failure.NotFound(noun);
    }
}
