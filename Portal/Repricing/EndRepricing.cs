using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Repricing;

/// <summary>
/// Ends a re-pricing. In the same transaction gateways are told that the books were rewritten, so that they count their budgets anew from them: also when it is cancelled, for what was
/// corrected before stays so.
/// </summary>
internal sealed class EndRepricing(ConfigurationWriter writer)
{
    /// <summary>Who ends in the audit what came to its end.</summary>
    public const string Worker = "repricing";

    /// <summary>Cancels a job between two batches. For those who manage models.</summary>
    public async Task<Result<RepricingJob>> CancelAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        return await EndAsync(actor, id, RepricingStatuses.Cancelled, cancellationToken);
    }

    /// <summary>Ends a job that looked at all its records.</summary>
    public Task<Result<RepricingJob>> FinishAsync(RepricingJob job, CancellationToken cancellationToken) =>
        EndAsync(new Actor { Name = Worker, Roles = [Roles.Platform], OrganisationId = job.OrganisationId }, job.Id, RepricingStatuses.Done, cancellationToken);

    private Task<Result<RepricingJob>> EndAsync(Actor actor, Guid id, string status, CancellationToken cancellationToken)
    {
        var organisation = actor.OrganisationId!.Value;
        return writer.WriteAsync<RepricingJob>(actor, async (write, token) =>
        {
            var connection = (NpgsqlConnection)write.Context.Database.GetDbConnection();
            // Waits for a batch that is under way, and so sees all that it did.
            if (await OneAsync(connection, $"select {RepricingJob.Columns} from repricing_jobs where id = @id and organisation_id = @organisation for update", token) is not { } before)
                return new Failure.NotFound("re-pricing");
            if (before.Status != RepricingStatuses.Running) return new Failure.Conflict("This re-pricing has ended already.");
            var after = await OneAsync(connection, $"update repricing_jobs set status = @status, ended_at = @now where id = @id and organisation_id = @organisation returning {RepricingJob.Columns}", token);
            if (before.Corrected > 0)
            {
                await using var tell = new NpgsqlCommand("update organisations set books_rewritten = nextval('books_rewritten') where id = @organisation", connection);
                tell.Parameters.Add(Sql.Id("organisation", organisation));
                await tell.ExecuteNonQueryAsync(token);
                write.Touch(ConfigurationKinds.Organisation, organisation, organisation);
            }
            write.Note(status == RepricingStatuses.Done ? "repricing.end" : "repricing.cancel", ConfigurationKinds.Price, id, organisation, after!, DocumentJson.Default.RepricingJob);
            return after!;

            async Task<RepricingJob?> OneAsync(NpgsqlConnection within, string sql, CancellationToken stop)
            {
                await using var command = new NpgsqlCommand(sql, within);
                command.Parameters.AddRange((NpgsqlParameter[])[Sql.Id("id", id), Sql.Id("organisation", organisation), Sql.Text("status", status), Sql.Time("now", write.Now)]);
                await using var reader = await command.ExecuteReaderAsync(stop);
                return await reader.ReadAsync(stop) ? RepricingJob.Of(reader) : null;
            }
        }, cancellationToken);
    }
}
