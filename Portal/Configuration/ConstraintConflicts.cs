using Npgsql;

namespace AspireGateway.Portal.Configuration;

/// <summary>Turns the database's refusals into sentences. Commands check first; this catches what a race or a restricted delete leaves.</summary>
internal static class ConstraintConflicts
{
    /// <summary>The conflict behind a violated constraint; null = it is something else.</summary>
    public static Failure.Conflict? Explain(PostgresException refusal) => refusal.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation => refusal.ConstraintName switch
        {
            "organisations_slug_key" => new("An organisation with this slug exists already. Choose another one.", "slug"),
            "teams_organisation_id_slug_key" => new("A team with this slug exists already. Choose another one.", "slug"),
            "features_organisation_id_name_key" => new("A feature with this name is registered already. Change that one.", "name"),
            "providers_organisation_id_slug_key" => new("A provider with this slug exists already. Choose another one.", "slug"),
            "credentials_provider_id_name_key" => new("The provider has a credential of this name already. Choose another one.", "name"),
            "deployments_organisation_id_name_key" => new("A deployment with this name exists already. Choose another one.", "name"),
            "models_organisation_id_name_key" => new("A model with this name exists already. Choose another one.", "name"),
            "limits_organisation_id_scope_kind_scope_id_unit_period_key" => new("The scope has a limit of this unit and period already. Change that one.", "unit"),
            "budgets_organisation_id_scope_kind_scope_id_period_key" => new("The scope has a budget of this period already. Change that one.", "period"),
            "tiers_organisation_id_name_key" => new("A tier with this name exists already. Choose another one.", "name"),
            "kill_switches_organisation_id_scope_kind_scope_id_key" => new("It is stopped already.", "scope_id"),
            "webhooks_organisation_id_name_key" => new("A webhook with this name exists already. Choose another one.", "name"),
            "benchmark_sets_organisation_id_name_key" => new("A sample set with this name exists already. Choose another one.", "name"),
            "quality_versions_organisation_id_version_key" => new("The table was published by somebody else just now. Look at it and try again."),
            "canaries_running" => new("A canary of this model runs already. Promote or abort it first.", "model"),
            "pins_organisation_id_model_scope_kind_scope_id_key" => new("These requests are pinned already. Change that pin.", "scope_id"),
            "sign_in_mappings_once" => new("This value is mapped already. Change that row.", "value"),
            "users_by_identity" or "users_organisation_id_email_key" => new("Somebody with this address has an account here already."),
            "model_aliases_pkey" => new("An alias with this name exists already. Choose another one.", "aliases"),
            _ => new("Something with the same name exists already."),
        },
        // An insert that points nowhere is a fault of ours; a delete of what others point to is the caller's to hear of.
        PostgresErrorCodes.ForeignKeyViolation when refusal.MessageText.StartsWith("insert", StringComparison.Ordinal) => null,
        PostgresErrorCodes.ForeignKeyViolation => refusal.TableName switch
        {
            "deployments" => new("It is still used by deployments. Change or delete those first."),
            "canaries" => new("A canary sent requests to it. It stays for as long as the canary is in the list."),
            "pins" => new("Requests are pinned to it. Change or delete the pin first."),
            "model_deployments" => new("It is still used by models. Take it out of those first."),
            _ => new("It is still used elsewhere."),
        },
        _ => null,
    };
}
