using AspireGateway.Portal.Components.Pieces;
using Radzen;

namespace AspireGateway.Portal.Features;

/// <summary>Opens the dialog of a feature's owner, from the list and from its own page.</summary>
internal static class FeatureForms
{
    /// <summary>Registers a feature, or changes one; true when something was saved.</summary>
    public static async Task<bool> EditFeatureAsync(this DialogService dialogs, NotificationService notices, FeatureRow? feature)
    {
        var title = feature is null ? "Register feature" : feature.OwnerEmail is null ? $"Name an owner of {feature.Name}" : $"Edit {feature.Name}";
        if (await dialogs.OpenFormAsync<FeatureDialog>(title, new(StringComparer.Ordinal) { [nameof(FeatureDialog.Feature)] = feature }) is not true) return false;
        notices.Notify(NotificationSeverity.Success, feature is null ? "Feature registered" : "Feature saved", duration: 4000);
        return true;
    }
}
