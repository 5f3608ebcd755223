using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Models;

/// <summary>Logical models, deployments, providers and credentials.</summary>
public sealed partial class ModelsPage
{
    /// <summary>The list; of <see cref="ModelsView"/>.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private ModelsQuery Models { get; set; } = null!;

    [Inject] private DeploymentsQuery Deployments { get; set; } = null!;

    [Inject] private ProvidersQuery Providers { get; set; } = null!;

    [Inject] private CredentialsQuery Credentials { get; set; } = null!;

    [Inject] private DeleteModel Delete { get; set; } = null!;

    [Inject] private UpdateDeployment Update { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private string Shown => View is ModelsView.Deployments or ModelsView.Providers or ModelsView.Credentials ? View : ModelsView.Models;

    /// <inheritdoc />
    protected override async Task<Result<ModelsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var mayChange = Permissions.Refuse(actor, Permission.ManageModels) is null;
        var models = Shown is ModelsView.Models ? await Models.RunAsync(actor, After, null, cancellationToken) : new Page<ModelRow>([], null);
        if (models.Failure is { } noModels) return noModels;
        var deployments = await Deployments.RunAsync(actor, null, Of(ModelsView.Deployments), PageSize.Max, cancellationToken);
        if (deployments.Failure is { } noDeployments) return noDeployments;
        var providers = await Providers.RunAsync(actor, Of(ModelsView.Providers), PageSize.Max, cancellationToken);
        if (providers.Failure is { } noProviders) return noProviders;
        var credentials = mayChange
            ? await Credentials.RunAsync(actor, null, Of(ModelsView.Credentials), PageSize.Max, cancellationToken)
            : new Page<CredentialRow>([], null);
        if (credentials.Failure is { } noCredentials) return noCredentials;
        return new ModelsPageData
        {
            Models = models.Value.Items, Deployments = deployments.Value.Items, Providers = providers.Value.Items, Credentials = credentials.Value.Items,
            MayChange = mayChange,
            Next = Shown switch
            {
                ModelsView.Deployments => deployments.Value.Next,
                ModelsView.Providers => providers.Value.Next,
                ModelsView.Credentials => credentials.Value.Next,
                _ => models.Value.Next,
            },
        };
    }

    private string? Of(string view) => string.Equals(Shown, view, StringComparison.Ordinal) ? After : null;

    private bool IsEmpty(ModelsPageData data) => 0 == Shown switch
    {
        ModelsView.Deployments => data.Deployments.Count,
        ModelsView.Providers => data.Providers.Count,
        ModelsView.Credentials => data.Credentials.Count,
        _ => data.Models.Count,
    };

    private Task EditModelAsync(ModelRow? model) => EditAsync<ModelDialog>(
        model is null ? "Add model" : $"Edit {model.Name}", model is null ? "Model added" : "Model saved",
        (nameof(ModelDialog.Model), model), (nameof(ModelDialog.Deployments), State.Data?.Deployments ?? []));

    private Task EditDeploymentAsync(DeploymentRow? deployment) => EditAsync<DeploymentDialog>(
        deployment is null ? "Add deployment" : $"Edit {deployment.Name}", deployment is null ? "Deployment added" : "Deployment saved",
        (nameof(DeploymentDialog.Deployment), deployment), (nameof(DeploymentDialog.Providers), State.Data?.Providers ?? []),
        (nameof(DeploymentDialog.Credentials), State.Data?.Credentials ?? []));

    private Task SetPriceAsync(DeploymentRow deployment) => EditAsync<PriceDialog>(
        $"Price of {deployment.Name}", "Price set", (nameof(PriceDialog.Deployment), deployment));

    private Task EditCredentialAsync(CredentialDetails? credential) => EditAsync<CredentialDialog>(
        credential is null ? "Add credential" : $"Replace the secret of {credential.Name}", credential is null ? "Credential added" : "Secret replaced",
        (nameof(CredentialDialog.Credential), credential), (nameof(CredentialDialog.Providers), State.Data?.Providers ?? []));

    private Task ImportPricesAsync() => EditAsync<ImportPricesDialog>("Import price book", "Price book imported");

    private Task AddProviderAsync() => EditAsync<ProviderDialog>("Add provider", "Provider added");

    // Every dialog closes with true when something was saved.
    private async Task EditAsync<T>(string title, string done, params (string Name, object? Value)[] parameters) where T : ComponentBase
    {
        var saved = await Dialogs.OpenFormAsync<T>(title, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));
        if (saved is not true) return;
        Notices.Notify(NotificationSeverity.Success, done, "Gateways use it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task EnableAsync(DeploymentRow deployment)
    {
        var result = await Commands.RunAsync(actor => Update.EnableAsync(actor, deployment.Id, !deployment.IsEnabled, PageLeft), PageLeft);
        Say(result.Failure, deployment.IsEnabled ? $"{deployment.Name} gets no more requests" : $"{deployment.Name} gets requests again");
        await ReloadAsync();
    }

    private async Task DeleteAsync(ModelRow model)
    {
        var sure = await Dialogs.ConfirmAsync(
            $"Delete {model.Name}",
            $"Requests that ask for {string.Join(", ", model.Aliases.Prepend(model.Name))} are refused from then on. Its deployments stay. To undo it, add the model again.",
            model.Name, "Delete model");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, model.Id, PageLeft), PageLeft);
        Say(result.Failure, $"{model.Name} deleted");
        await ReloadAsync();
    }

    private void Say(Failure? failure, string done)
    {
        if (failure is null) Notices.Notify(NotificationSeverity.Success, done, duration: 4000);
        else Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
    }
}
