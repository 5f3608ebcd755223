using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Repricing;

/// <summary>Starts a job that prices recorded usage anew; a portal takes it up within seconds. For those who manage models.</summary>
internal sealed class StartRepricing(ConfigurationWriter writer, IOptions<RepricingOptions> options)
{
    /// <summary>Writes the job down.</summary>
    public async Task<Result<RepricingJob>> RunAsync(Actor actor, RepricingRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<RepricingJob>(actor, async (write, token) =>
        {
            if (RepricingBounds.Refuse(request, write.Now, hasReason: true) is { } faults) return faults;
            var connection = (NpgsqlConnection)write.Context.Database.GetDbConnection();
            if (await RepricingRecords.OfAsync(connection, organisation, request.PriceVersionId!.Value, token) is not { } records) return new Failure.NotFound("price");
            if (await IsAtItAsync(connection, records.DeploymentId, token)) return new Failure.Conflict("Records of this deployment are being priced anew already. Wait until that job has ended, or cancel it.");
            var (from, to) = (request.From!.Value, request.To!.Value);
            var total = await records.CountAsync(connection, from, to, token);
            if (total > options.Value.MostRecords) return PreviewRepricing.TooMany(options.Value.MostRecords);
            if (total == 0) return new Failure.Invalid([new("from", "No record in this time has another price of this deployment: there is nothing to price anew.")]);

            var job = new RepricingJob
            {
                Id = write.NewId(), OrganisationId = organisation, DeploymentId = records.DeploymentId, Deployment = records.Deployment, PriceVersionId = request.PriceVersionId.Value, From = from.ToUniversalTime(),
                To = to.ToUniversalTime(), Reason = request.Reason!.Trim(), Status = RepricingStatuses.Running, Total = total, LookedAt = 0, Corrected = 0, LeftAlone = 0, OldNanoUsd = 0, NewNanoUsd = 0,
                CreatedBy = actor.Name, CreatedAt = write.Now, EndedAt = null,
            };
            await using var insert = new NpgsqlCommand("""
                insert into repricing_jobs (id, organisation_id, deployment_id, deployment, price_version_id, from_at, to_at, reason, status, total, created_by, created_at)
                values (@id, @organisation, @deployment_id, @deployment, @version, @from, @to, @reason, 'running', @total, @by, @now)
                """, connection);
            insert.Parameters.AddRange((NpgsqlParameter[])
            [
                Sql.Id("id", job.Id), Sql.Id("organisation", organisation), Sql.Id("deployment_id", job.DeploymentId), Sql.Text("deployment", job.Deployment), Sql.Id("version", job.PriceVersionId),
                Sql.Time("from", job.From), Sql.Time("to", job.To), Sql.Text("reason", job.Reason), Sql.Number("total", total), Sql.Text("by", job.CreatedBy), Sql.Time("now", job.CreatedAt),
            ]);
            await insert.ExecuteNonQueryAsync(token);
            write.Note("repricing.start", ConfigurationKinds.Price, job.Id, organisation, job, DocumentJson.Default.RepricingJob);
            return job;
        }, cancellationToken);
    }

    private static async Task<bool> IsAtItAsync(NpgsqlConnection connection, Guid deployment, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select exists (select from repricing_jobs where deployment_id = @deployment and status = 'running')", connection);
        command.Parameters.Add(Sql.Id("deployment", deployment));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
